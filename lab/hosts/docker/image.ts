import { copyFileSync, cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { command } from '../command.ts';
import { baseSystem } from '../machine/base.ts';
import type { Engine } from './engine.ts';

export const IMAGE = 'vaultvisor-lab';
export const BASE = 'vaultvisor-lab-base';
const NODE = 'vaultvisor-lab-node';

const project = resolve(import.meta.dirname, '../../..');

/** Builds the project's own Dockerfile. No registry is asked: both images that it begins with are made here, as its build arguments allow. */
export async function buildImage(engine: Engine, folder: string, say: (line: string) => void): Promise<void> {
  const tar = await baseSystem(say);
  // Imported again it would be another image, and all that is built on it would be built again.
  if ((await engine.outcome('image', 'inspect', BASE)).code !== 0) await engine.docker('import', tar, BASE);
  await engine.build(NODE, await nodeContext(folder), '--network', 'none');
  say('the image is built, by the Dockerfile');
  await buildOn(engine, IMAGE, BASE);
}

/** What the project's own Dockerfile makes of an image. */
export async function buildOn(engine: Engine, tag: string, base: string): Promise<void> {
  const bases = ['--build-arg', `NODE_IMAGE=${NODE}`, '--build-arg', `BASE_IMAGE=${base}`];
  await engine.build(tag, project, '--network', 'host', ...bases);
}

/** An image with this machine's Node and npm, and with the certificates that this machine believes: npm ci asks its registry through them. */
async function nodeContext(folder: string): Promise<string> {
  const context = join(folder, 'node');
  mkdirSync(context, { recursive: true });
  copyFileSync(process.execPath, join(context, 'node'));
  const npm = (await command('sh', '-c', 'command -v npm')).trim();
  cpSync(resolve(dirname(realpathSync(npm)), '..'), join(context, 'npm'), { recursive: true });
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  if (existsSync(certificates)) copyFileSync(certificates, join(context, 'ca.crt'));
  else writeFileSync(join(context, 'ca.crt'), '');
  writeFileSync(
    join(context, 'Dockerfile'),
    [
      `FROM ${BASE}`,
      'COPY node /usr/local/bin/node',
      'COPY npm /usr/local/lib/node_modules/npm',
      'COPY ca.crt /etc/ssl/certs/ca-certificates.crt',
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm',
      'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
      '',
    ].join('\n'),
  );
  return context;
}
