import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lacking } from '../command.ts';
import type { Act, Host } from '../host.ts';
import { noBaseSystem } from '../machine/base.ts';
import { unless } from '../right-end.ts';
import { kill as sendKill } from '../signal.ts';
import { type Container, createContainer } from './container.ts';
import { createEngine, type Engine } from './engine.ts';
import { buildImage } from './image.ts';
import { dockerScenarios } from './scenarios.ts';

export interface DockerHost extends Host {
  readonly engine: Engine;
  readonly container: Container;
  /** Scratch. */
  readonly folder: string;
  /** Another container of the same image, not yet running. */
  another(name: string, witness?: string): Promise<Container>;
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
    const dist = brokenOf(program, own);
    const container = await createContainer(engine, own, 'lab', dist);
    await container.stage.write();
    await container.run();
    const host = {
      words: `Docker ${await engine.docker('version', '-f', '{{.Server.Version}}')}`,
      stage: container.stage,
      engine,
      container,
      acts: actsOf(engine, container),
      left: [
        'Docker: kill -9 of dockerd and containerd while their containers live on: after an earlier restart of dockerd its containerd does not come up again here',
      ],
      folder: own,
      another: (name: string, witness?: string) => createContainer(engine, own, name, dist, witness),
      log: () => container.log(),
      close: () => engine.close(),
    };
    return { ...host, scenarios: dockerScenarios(host) };
  } catch (thrown) {
    await engine.close();
    throw thrown;
  }
}

function actsOf(engine: Engine, container: Container): readonly Act[] {
  const { docker } = container;
  /** The engine may have begun to restart it before it was told to start it. */
  const start = async (): Promise<void> => void (await docker('start'));
  const stopped = async (): Promise<readonly string[]> => {
    const code = await container.state('ExitCode');
    return unless(code === '0', `the container ended with ${code}`);
  };
  const kill = async (who: 'init' | 'shim' | 'vaultvisor'): Promise<readonly string[]> => {
    sendKill((await container.pids())[who]);
    return [];
  };
  return [
    { words: 'kill -9 of vaultvisor in the container', asks: false, act: () => kill('vaultvisor') },
    { words: 'kill -9 of tini, the first process', asks: false, act: () => kill('init') },
    { words: 'kill -9 of the engine’s shim', asks: false, act: () => kill('shim') },
    {
      words: 'docker kill, and start',
      asks: false,
      act: async () => {
        await docker('kill');
        await start();
        return [];
      },
    },
    {
      words: 'docker restart',
      asks: true,
      act: async () => {
        await docker('restart');
        return [];
      },
    },
    {
      words: 'docker stop, and start',
      asks: true,
      act: async () => {
        await docker('stop');
        const words = await stopped();
        await start();
        return words;
      },
    },
    {
      words: 'restart of dockerd (live-restore off)',
      asks: true,
      act: async () => {
        await engine.stop();
        await engine.start();
        return [];
      },
    },
    {
      words: 'power cut of the machine',
      asks: false,
      act: async () => {
        await engine.cutPower();
        await engine.start();
        return [];
      },
    },
  ];
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
