import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lacking } from '../command.ts';
import { composeProgram } from '../compose/project.ts';
import { composeScenarios } from '../compose/scenarios.ts';
import type { Host } from '../host.ts';
import { noBaseSystem } from '../machine/base.ts';
import { actsOn, actsOnMachine } from './acts.ts';
import { buildClientImage, type ClientImage } from './client-image.ts';
import { type Container, createContainer, type Kind } from './container.ts';
import { createEngine, type Engine } from './engine.ts';
import { buildImage } from './image.ts';
import { dockerScenarios } from './scenarios.ts';

export interface DockerHost extends Host {
  readonly engine: Engine;
  readonly container: Container;
  /** Scratch. */
  readonly folder: string;
  /** An image that is not ours. */
  readonly client: ClientImage;
  /** Another container, not yet running: of the same image if nothing else is said. */
  another(name: string, kind?: Omit<Kind, 'dist'>): Promise<Container>;
}

export const noDocker = async (): Promise<string | null> =>
  (await noBaseSystem()) ?? lacking('dockerd', 'containerd', 'runc', 'docker', 'npm', 'cc');

/** Starts an engine of our own, builds the image, and runs it as docs/containers.md says; nothing is named yet. */
export async function startDocker(folder: string, program: string, say: (line: string) => void): Promise<DockerHost> {
  const own = join(folder, 'docker');
  mkdirSync(own, { recursive: true, mode: 0o755 });
  const engine = createEngine(own);
  await engine.start();
  try {
    await engine.clear();
    await buildImage(engine, own, say);
    const client = await buildClientImage(engine, own);
    const dist = brokenOf(program, own);
    const compose = await composeProgram();
    const container = await createContainer(engine, own, 'lab', { dist });
    await container.stage.write();
    await container.run();
    const host = {
      words: `Docker ${await engine.docker('version', '-f', '{{.Server.Version}}')}`,
      stage: container.stage,
      engine,
      container,
      client,
      acts: [...actsOn(container), ...actsOnMachine(engine)],
      left: [
        'Docker: kill -9 of dockerd and containerd while their containers live on: after an earlier restart of dockerd its containerd does not come up again here',
        ...(compose === null ? ['Compose: neither docker-compose nor its plugin for docker is installed'] : []),
      ],
      folder: own,
      another: (name: string, kind?: Omit<Kind, 'dist'>) => createContainer(engine, own, name, { dist, ...kind }),
      log: () => container.log(),
      close: () => engine.close(),
    };
    return { ...host, scenarios: [...dockerScenarios(host), ...(await composeScenarios(host, compose))] };
  } catch (thrown) {
    await engine.close();
    throw thrown;
  }
}

/** The image has the program that the Dockerfile built. A program with a deliberate defect is another, and laid over it. */
function brokenOf(program: string, folder: string): string | null {
  const dist = resolve(program, '../..');
  const built = resolve(import.meta.dirname, '../../../dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const isAsBuilt = (name: string): boolean =>
    existsSync(join(built, name)) && readFileSync(join(dist, name)).equals(readFileSync(join(built, name)));
  if (files.every(isAsBuilt)) return null;
  const copy = join(folder, 'dist');
  cpSync(dist, copy, { recursive: true });
  return copy;
}
