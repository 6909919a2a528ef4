import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Engine } from './engine.ts';
import { BASE, IMAGE } from './image.ts';

/** A client's image with the agent as its entry point. */
export const AGENT_IMAGE = 'vaultvisor-lab-agent';
const CLIENT = 'vaultvisor-lab-client';

const project = resolve(import.meta.dirname, '../../..');

/** Of an image that knows nothing of us, by the project's own Dockerfile.agent. */
export async function buildAgentImage(engine: Engine, folder: string): Promise<void> {
  const context = join(folder, 'client');
  mkdirSync(context, { recursive: true });
  const lines = [
    `FROM ${BASE}`,
    'RUN rm -f /usr/bin/tini /usr/bin/tini-static && useradd --uid 1000 vault && echo client-image > /etc/whose',
    'USER vault',
    'ENV FROM_THE_IMAGE=yes',
    '',
  ];
  writeFileSync(join(context, 'Dockerfile'), lines.join('\n'));
  await engine.build(CLIENT, context, '--network', 'none');
  const bases = ['--build-arg', `VAULTVISOR_IMAGE=${IMAGE}`, '--build-arg', `CLIENT_IMAGE=${CLIENT}`];
  await engine.build(AGENT_IMAGE, project, '--network', 'none', '--file', join(project, 'Dockerfile.agent'), ...bases);
}
