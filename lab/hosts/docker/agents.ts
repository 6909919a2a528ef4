import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf } from '../../../src/errors.ts';
import { processes } from '../../../src/process/who/processes.ts';
import type { Scenario } from '../host.ts';
import { fresh, unless, wrongEnd } from '../right-end.ts';
import { killIfThere } from '../signal.ts';
import { AGENT_IMAGE, buildAgentImage } from './agent-image.ts';
import type { Container } from './container.ts';
import type { Running } from './scenarios.ts';

const DAEMON = 'lab-daemon';
const AGENT = 'lab-agent';
const SECRET = 'the-seed-of-the-lab';

/** Daemon and client in containers of their own, with one volume: docs/containers.md, "Sidecar". */
interface Pod {
  readonly daemon: Container;
  docker(...words: readonly string[]): Promise<string>;
  /** In one of the two. */
  exec(name: string, ...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  /** Outside: the first process of the container, and vaultvisor below it. */
  pids(name: string): Promise<{ readonly init: number; readonly vaultvisor: number }>;
}

/** The client's own image, read-only, with a key that the daemon's container does not have. */
const AGENT_WORDS = [
  ['--name', AGENT, '--restart', 'unless-stopped', '--stop-timeout', '90'],
  ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
  ['--network', 'none', '--memory', '256m', '-v', `${DAEMON}:/var/lib/vaultvisor`],
].flat();

/** One scenario that takes up a pod, does everything to it, and ends it. */
export function agents(host: Running): readonly Scenario[] {
  const run = async (): Promise<readonly string[]> => {
    const { engine, folder } = host;
    await buildAgentImage(engine, folder);
    const seed = join(folder, 'seed');
    writeFileSync(seed, `${SECRET}\n`, { mode: 0o644 });
    // small, so that it can be filled; shared as long as one of the two runs
    await engine.docker(
      'volume',
      'create',
      '--opt',
      'type=tmpfs',
      '--opt',
      'device=tmpfs',
      '--opt',
      'o=size=96m,uid=10001,gid=10001,mode=0700',
      DAEMON,
    );
    const daemon = await host.another(DAEMON);
    const agent = { socket: '/var/lib/vaultvisor/run/agent.sock' };
    await daemon.stage.write({ agent, env: { SEED: '{secret:file:/run/secrets/seed}' } });
    const pod: Pod = {
      daemon,
      docker: engine.docker,
      exec: (name, ...words) => engine.outcome('exec', name, ...words),
      async pids(name) {
        const init = Number(await engine.docker('inspect', '-f', '{{.State.Pid}}', name));
        return { init, vaultvisor: processes().find(({ parent }) => parent === init)?.pid ?? 0 };
      },
    };
    try {
      await daemon.run();
      await engine.docker('run', '-d', ...AGENT_WORDS, '-v', `${seed}:/run/secrets/seed:ro`, AGENT_IMAGE);
      const wrong: string[] = [];
      for (const [words, act] of acts) {
        const since = performance.now();
        const found = await act(pod).catch((thrown: unknown) => [sentenceOf(thrown)]);
        process.stdout.write(
          `    agent in its own container: ${words}: ${found.length === 0 ? 'held' : found.join('; ')} (${((performance.now() - since) / 1_000).toFixed(1)} s)\n`,
        );
        wrong.push(...found.map((one) => `${words}: ${one}`));
        if (wrong.length > 0) break;
      }
      if (wrong.length > 0) wrong.push((await engine.outcome('logs', '--tail', '40', AGENT)).text, await daemon.log());
      return wrong;
    } finally {
      await engine.docker('rm', '-f', '-v', AGENT, DAEMON);
    }
  };
  return [{ words: 'an agent in the client’s own image, the daemon in another container', run }];
}

type Act = (pod: Pod) => Promise<readonly string[]>;

/** The daemon's side: the client is the same process before and after, and is updated by the daemon that comes. */
const daemonSide =
  (act: (pod: Pod) => Promise<unknown>): Act =>
  async (pod) => {
    const { stage } = pod.daemon;
    const served = await fresh(stage);
    const [before] = stage.clients();
    const seen = stage.journal().length;
    await act(pod);
    await stage.until('the daemon is there again', ({ child, verdict }) => child !== null && verdict === 'healthy');
    const [after, ...more] = stage.clients();
    const wrong = [
      ...unless(
        before === after && more.length === 0,
        `the client was ${before}, and then ${[after, ...more].join(', ')}`,
      ),
      ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
    ];
    await fresh(stage);
    return wrong;
  };

/** The agent's side: its client ends with its container, and runs again with the next one. `asked`: it had its grace. */
const agentSide =
  (asked: boolean, act: (pod: Pod) => Promise<unknown>): Act =>
  async (pod) => {
    const { stage } = pod.daemon;
    const served = await fresh(stage);
    const [before] = stage.clients();
    const seen = stage.journal().length;
    await act(pod);
    await stage.until(
      'it serves again',
      ({ child, verdict }) => child !== null && verdict === 'healthy' && stage.clients().some((pid) => pid !== before),
    );
    const lines = stage.journal().slice(seen);
    const left = lines.some(({ what }) => what === 'stop');
    return [...unless(!asked || left, 'the client was not asked to leave'), ...(await wrongEnd(stage, lines, served))];
  };

const kill = (name: string, who: 'init' | 'vaultvisor') => async (pod: Pod) => killIfThere((await pod.pids(name))[who]);

/** Both, while a release is on its way. */
const midway =
  (act: (pod: Pod) => Promise<unknown>): Act =>
  async (pod) => {
    const { stage } = pod.daemon;
    await fresh(stage);
    const seen = stage.journal().length;
    const next = stage.build();
    await stage.name(next);
    await sleep(Math.random() * 800);
    await act(pod);
    await stage.until(
      `${next.release} serves`,
      ({ child, verdict }) => child?.checksum === next.checksum && verdict === 'healthy',
    );
    return wrongEnd(stage, stage.journal().slice(seen), next);
  };

const acts: readonly (readonly [words: string, act: Act])[] = [
  ['update, and the way back from a broken release', updateAndBack],
  ['the daemon’s container cannot read the key, the client has it', keyStays],
  ['kill -9 of the daemon', daemonSide(kill(DAEMON, 'vaultvisor'))],
  ['docker restart of the daemon', daemonSide(({ docker }) => docker('restart', DAEMON))],
  [
    'docker stop of the daemon, and start',
    daemonSide(async ({ docker }) => [await docker('stop', DAEMON), await docker('start', DAEMON)]),
  ],
  [
    'docker kill of the daemon, and start',
    daemonSide(async ({ docker }) => [await docker('kill', DAEMON), await docker('start', DAEMON)]),
  ],
  ['the daemon runs out of memory', daemonSide(daemonOutOfMemory)],
  ['kill -9 of the agent', agentSide(false, kill(AGENT, 'vaultvisor'))],
  ['kill -9 of the agent’s tini', agentSide(false, kill(AGENT, 'init'))],
  ['docker restart of the agent', agentSide(true, ({ docker }) => docker('restart', AGENT))],
  [
    'docker stop of the agent, and start',
    agentSide(true, async ({ docker }) => [await docker('stop', AGENT), await docker('start', AGENT)]),
  ],
  ['the client runs out of memory', clientOutOfMemory],
  ['kill -9 of the daemon somewhere in an update', midway(kill(DAEMON, 'vaultvisor'))],
  ['kill -9 of the agent somewhere in an update', midway(kill(AGENT, 'vaultvisor'))],
  ['the volume is full: the client goes on, over kill -9 of each side', fullVolume],
];

async function updateAndBack({ daemon: { stage } }: Pod): Promise<readonly string[]> {
  await fresh(stage);
  const served = await fresh(stage);
  const seen = stage.journal().length;
  const broken = stage.build('broken');
  await stage.name(broken);
  await stage.until(
    'it is quarantined',
    ({ quarantined, child, verdict }) =>
      quarantined.some(({ checksum }) => checksum === broken.checksum) &&
      child?.checksum === served.checksum &&
      verdict === 'healthy',
  );
  return wrongEnd(stage, stage.journal().slice(seen), served);
}

async function keyStays({ exec, daemon: { stage } }: Pod): Promise<readonly string[]> {
  await fresh(stage);
  const inDaemon = await exec(DAEMON, 'cat', '/run/secrets/seed');
  const everywhere = await exec(
    DAEMON,
    'sh',
    '-c',
    `grep -rlF ${SECRET} /var/lib/vaultvisor /proc/[0-9]*/environ 2>/dev/null; true`,
  );
  const environ = readFileSync(`/proc/${stage.clients()[0]}/environ`, 'utf8');
  const whose = await exec(AGENT, 'cat', '/etc/whose');
  const write = await exec(AGENT, 'touch', '/etc/x');
  return [
    ...unless(inDaemon.code !== 0, 'the daemon’s container reads the key'),
    ...unless(everywhere.text === '', `the key is in ${everywhere.text}`),
    ...unless(environ.includes(`SEED=${SECRET}\0`), 'the client has no key'),
    ...unless(environ.includes('FROM_THE_IMAGE=yes\0'), 'the client has not the environment of its image'),
    ...unless(whose.text === 'client-image', `the agent runs in ${whose.text}`),
    ...unless(/Read-only file system/.test(write.text), `the root can be written: ${write.text}`),
  ];
}

/** The kernel is told to take the daemon, and somebody in its container takes all that there is. */
async function daemonOutOfMemory({ pids, exec, docker }: Pod): Promise<void> {
  const started = () => docker('inspect', '-f', '{{.State.StartedAt}}', DAEMON);
  const before = await started();
  writeFileSync(`/proc/${(await pids(DAEMON)).vaultvisor}/oom_score_adj`, '1000');
  await exec(DAEMON, 'node', '-e', 'const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));');
  while ((await started()) === before) await sleep(50);
}

async function clientOutOfMemory({ daemon: { stage } }: Pod): Promise<readonly string[]> {
  const served = await fresh(stage);
  const seen = stage.journal().length;
  const killed = () =>
    stage.history().filter(({ event, reason }) => event === 'exited' && /out of memory/.test(String(reason))).length;
  const before = killed();
  await stage.behave('hungry');
  while (killed() === before) await sleep(20);
  await stage.behave(null);
  await stage.until('it serves again', ({ child, verdict }) => child !== null && verdict === 'healthy');
  const next = await fresh(stage);
  return [
    ...(await wrongEnd(stage, stage.journal().slice(seen), next)),
    ...unless(served !== next, 'nothing was updated'),
  ];
}

async function fullVolume(pod: Pod): Promise<readonly string[]> {
  const {
    daemon: { stage },
    exec,
  } = pod;
  const served = await fresh(stage);
  const [before] = stage.clients();
  await exec(DAEMON, 'sh', '-c', 'cat /dev/zero > /var/lib/vaultvisor/ballast; true');
  await kill(DAEMON, 'vaultvisor')(pod);
  await stage.until('it is taken over', ({ child }) => child !== null);
  const [same] = stage.clients();
  await kill(AGENT, 'vaultvisor')(pod);
  await stage.until(
    'it is started again',
    ({ child }) => child !== null && stage.clients().some((pid) => pid !== before),
  );
  await exec(DAEMON, 'rm', '/var/lib/vaultvisor/ballast');
  await stage.until(
    'it is healthy again',
    ({ child, verdict }) => child?.checksum === served.checksum && verdict === 'healthy',
  );
  const next = await fresh(stage);
  return [
    ...unless(before === same, 'the client was started again'),
    ...unless(stage.clients().length === 1, 'not one client'),
    ...unless(next !== served, ''),
  ];
}
