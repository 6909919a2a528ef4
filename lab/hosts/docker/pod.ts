import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processes } from '../../../src/process/who/processes.ts';
import { AGENT_IMAGE, buildAgentImage } from './agent-image.ts';
import type { Container } from './container.ts';
import type { Running } from './scenarios.ts';

export const DAEMON = 'lab-daemon';
export const AGENT = 'lab-agent';
export const SECRET = 'the-seed-of-the-lab';

/** Daemon and client in containers of their own, with one volume: docs/containers.md, "Sidecar". */
export interface Pod extends Pick<Running, 'engine'> {
  readonly daemon: Container;
  docker(...words: readonly string[]): Promise<string>;
  /** In one of the two. */
  exec(name: string, ...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  /** Outside: the first process of the container, and vaultvisor below it. */
  pids(name: string): Promise<{ readonly init: number; readonly vaultvisor: number }>;
  close(): Promise<void>;
}

/** The client's own image, read-only, with a key that the daemon's container does not have. */
const AGENT_WORDS = [
  ['--name', AGENT, '--restart', 'unless-stopped', '--stop-timeout', '90'],
  ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
  ['--network', 'none', '--memory', '256m', '-v', `${DAEMON}:/var/lib/vaultvisor`],
].flat();

export async function startPod({ engine, folder, client, another }: Running): Promise<Pod> {
  await buildAgentImage(engine, client);
  const seed = join(folder, 'seed');
  writeFileSync(seed, `${SECRET}\n`, { mode: 0o644 });
  const daemon = await another(DAEMON, { small: true, library: client.library });
  const agent = { socket: '/var/lib/vaultvisor/run/agent.sock' };
  await daemon.stage.write({ agent, env: { SEED: '{secret:file:/run/secrets/seed}' } });
  await daemon.run();
  await engine.docker('run', '-d', ...AGENT_WORDS, '-v', `${seed}:/run/secrets/seed:ro`, AGENT_IMAGE);
  return {
    engine,
    daemon,
    docker: engine.docker,
    exec: (name, ...words) => engine.outcome('exec', name, ...words),
    async pids(name) {
      const init = Number(await engine.docker('inspect', '-f', '{{.State.Pid}}', name));
      return { init, vaultvisor: processes().find(({ parent }) => parent === init)?.pid ?? 0 };
    },
    close: async () => void (await engine.docker('rm', '-f', '-v', AGENT, DAEMON)),
  };
}
