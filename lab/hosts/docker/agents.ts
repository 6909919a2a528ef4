import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../support/random.ts';
import { serves } from '../../support/scene.ts';
import type { Scenario } from '../host.ts';
import type { Moment } from '../play.ts';
import { fresh, thereAndBack, unless, wrongEnd } from '../right-end.ts';
import { killIfThere } from '../signal.ts';
import { now } from '../stage.ts';
import { libraryOf } from './client-image.ts';
import { takeAllMemory } from './memory.ts';
import { AGENT, DAEMON, type Pod, SECRET, startPod } from './pod.ts';
import type { Running } from './scenarios.ts';

/** Each side of the sidecar form, with one pod for all of them. */
export function agents(host: Running): readonly Scenario[] {
  let pod: Promise<Pod> | null = null;
  return acts.map(([words, act], n) => ({
    words: `sidecar: ${words}`,
    run: async () => {
      pod ??= startPod(host);
      const found = await act(await pod);
      if (n === acts.length - 1) await (await pod).close();
      return found;
    },
  }));
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

/** @returns when: whoever starts after it was started by what came then */
const kill =
  (name: string, who: 'init' | 'vaultvisor') =>
  async (pod: Pod): Promise<number> => {
    const pid = (await pod.pids(name))[who];
    const at = now();
    killIfThere(pid);
    return at;
  };

/** While a release is on its way: to the new one, or back from one that is broken. `ends`: whether the act ends the client too, so that another is to serve. */
const midway =
  (act: (pod: Pod) => Promise<number>, ends: boolean, moment: Moment = 'somewhere in an update'): Act =>
  async (pod) => {
    const { stage } = pod.daemon;
    const former = await fresh(stage);
    const seen = stage.journal().length;
    const isBroken = moment === 'somewhere in an update to a bad release';
    const next = stage.build(isBroken ? 'broken' : 'steady');
    await stage.name(next);
    await sleep(random.between(0, 1_200));
    const wanted = isBroken ? former : next;
    const since = await act(pod);
    if (ends) await stage.serves(wanted, since);
    await stage.until(
      `${wanted.release} serves`,
      (status) =>
        serves(wanted)(status) && (!isBroken || status.quarantined.some(({ checksum }) => checksum === next.checksum)),
    );
    return wrongEnd(stage, stage.journal().slice(seen), wanted);
  };

const random = createRandom(6);

const restart =
  (name: string) =>
  ({ docker }: Pod) =>
    docker('restart', name);

const stopAndStart =
  (name: string) =>
  async ({ docker }: Pod): Promise<number> => {
    await docker('stop', name);
    const at = now();
    await docker('start', name);
    return at;
  };

const restartEngine = async ({ engine }: Pod): Promise<number> => {
  await engine.stop();
  const at = now();
  await engine.start();
  return at;
};

const cutPower = async ({ engine }: Pod): Promise<number> => {
  await engine.cutPower();
  const at = now();
  await engine.start();
  return at;
};

const outOf = (name: string, node: string) => (pod: Pod) => takeAllMemory(pod.engine, name, pod.pids, node);

const BACK: Moment = 'somewhere in an update to a bad release';

const acts: readonly (readonly [words: string, act: Act])[] = [
  ['update, and the way back from a broken release', updateAndBack],
  ['the daemon’s container cannot read the key, the client has it; both roots are read-only', keyStays],
  ['kill -9 of the daemon', daemonSide(kill(DAEMON, 'vaultvisor'))],
  ['kill -9 of the daemon’s tini', daemonSide(kill(DAEMON, 'init'))],
  ['docker restart of the daemon', daemonSide(restart(DAEMON))],
  ['docker stop of the daemon, and start', daemonSide(stopAndStart(DAEMON))],
  [
    'docker kill of the daemon, and start',
    daemonSide(async ({ docker }) => [await docker('kill', DAEMON), await docker('start', DAEMON)]),
  ],
  ['the daemon runs out of memory', daemonSide(outOf(DAEMON, 'node'))],
  ['kill -9 of the agent', agentSide(false, kill(AGENT, 'vaultvisor'))],
  ['kill -9 of the agent’s tini', agentSide(false, kill(AGENT, 'init'))],
  ['docker restart of the agent', agentSide(true, restart(AGENT))],
  ['docker stop of the agent, and start', agentSide(true, stopAndStart(AGENT))],
  ['the agent runs out of memory', agentSide(false, outOf(AGENT, '/opt/vaultvisor/node'))],
  ['the client runs out of memory', clientOutOfMemory],
  ['kill -9 of the daemon somewhere in an update', midway(kill(DAEMON, 'vaultvisor'), false)],
  ['kill -9 of the agent somewhere in an update', midway(kill(AGENT, 'vaultvisor'), true)],
  ['docker stop of the daemon somewhere in an update, and start', midway(stopAndStart(DAEMON), false)],
  ['docker stop of the agent somewhere in an update, and start', midway(stopAndStart(AGENT), true)],
  ['restart of dockerd somewhere in an update', midway(restartEngine, true)],
  ['power cut of the machine somewhere in an update', midway(cutPower, true)],
  [`kill -9 of the daemon ${BACK}`, midway(kill(DAEMON, 'vaultvisor'), false, BACK)],
  [`kill -9 of the agent ${BACK}`, midway(kill(AGENT, 'vaultvisor'), true, BACK)],
  ['the volume is full: the client goes on, over kill -9 of each side', fullVolume],
];

async function updateAndBack({ daemon: { stage } }: Pod): Promise<readonly string[]> {
  await fresh(stage);
  return thereAndBack(stage);
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
  const writes = [await exec(AGENT, 'touch', '/etc/x'), await exec(DAEMON, 'touch', '/etc/x')];
  return [
    ...unless(inDaemon.code !== 0, 'the daemon’s container reads the key'),
    ...unless(everywhere.text === '', `the key is in ${everywhere.text}`),
    ...unless(environ.includes(`SEED=${SECRET}\0`), 'the client has no key'),
    ...unless(environ.includes('FROM_THE_IMAGE=yes\0'), 'the client has not the environment of its image'),
    ...unless(whose.text === 'client-image', `the agent runs in ${whose.text}`),
    ...writes.flatMap(({ text }) => unless(/Read-only file system/.test(text), `a root can be written: ${text}`)),
    ...libraryOf(stage.clients()[0]),
  ];
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
  const seen = stage.journal().length;
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
    ...(await wrongEnd(stage, stage.journal().slice(seen), next)),
  ];
}
