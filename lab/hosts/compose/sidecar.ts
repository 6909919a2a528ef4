import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AGENT_IMAGE } from '../docker/agent-image.ts';
import { libraryOf } from '../docker/client-image.ts';
import { IMAGE } from '../docker/image.ts';
import type { Running } from '../docker/scenarios.ts';
import type { Scenario } from '../host.ts';
import { fresh, thereAndBack, unless, wrongEnd } from '../right-end.ts';
import { againIn, round } from '../round.ts';
import { killIfThere } from '../signal.ts';
import { patient, type Stage, setStage } from '../stage.ts';
import { lazy, type Program, rightsOf } from './common.ts';
import { createProject, type Files, KEY, type Project } from './project.ts';

export interface Up {
  readonly host: Running;
  readonly project: Project;
  readonly stage: Stage;
}

/** More than the ten seconds after which Compose kills a container whose file says nothing, and less than this file says. */
const GRACE = '12s';

/** deploy/compose.sidecar.yaml, the client in an image that is not ours. */
export function sidecarForm(host: Running, program: Program): readonly Scenario[] {
  const up = lazy(() => begin(host, program, 'lab-sidecar', { 'compose.sidecar.yaml': LINES }));
  return playedOn('compose.sidecar.yaml', up, acts);
}

/** The same with deploy/compose.network.yaml over it. */
export function networkForm(host: Running, program: Program): readonly Scenario[] {
  const files = { 'compose.sidecar.yaml': LINES, 'compose.network.yaml': { 'image: ': `image: ${IMAGE}` } };
  return playedOn(
    'compose.network.yaml',
    lazy(() => begin(host, program, 'lab-network', files)),
    actsOfNetwork,
  );
}

const LINES = { 'image: vault-agent ': `image: ${AGENT_IMAGE}`, 'image: vaultvisor ': `image: ${IMAGE}` };

const playedOn = (
  file: string,
  up: () => Promise<Up>,
  all: readonly (readonly [words: string, act: Act])[],
): readonly Scenario[] =>
  all.map(([words, act], n) => ({
    words: `${file}: ${words}`,
    run: async () => {
      const one = await up();
      const found = await act(one);
      if (n === all.length - 1) await one.project.compose('down', '--volumes');
      return found;
    },
  }));

async function begin(host: Running, program: Program, name: string, files: Files): Promise<Up> {
  const folder = join(host.folder, name);
  const project = await createProject(host.engine, program, folder, name, files);
  const etc = join(folder, 'vaultvisor.d');
  const stage = await setStage({ etc, home: project.volume, library: host.client.library });
  await stage.write({
    agent: { socket: '/var/lib/vaultvisor/run/agent.sock' },
    env: { KEY: '{secret:file:/run/secrets/key}' },
    stop: { ...patient.stop, grace: GRACE },
  });
  await project.compose('up', '-d');
  return { host, project, stage };
}

type Act = (up: Up) => Promise<readonly string[]>;

/** The daemon's side: the client is the same process before and after. */
const daemonSide =
  (act: (up: Up) => Promise<unknown>): Act =>
  async (up) => {
    const { stage, project } = up;
    const served = await fresh(stage);
    const before = stage.clients();
    const seen = stage.journal().length;
    const started = await project.state('vaultvisor', 'StartedAt');
    await act(up);
    while ((await project.state('vaultvisor', 'StartedAt').catch(() => started)) === started) await sleep(50);
    await stage.until('the daemon is there again', ({ child, verdict }) => child !== null && verdict === 'healthy');
    const after = stage.clients();
    const wrong = await wrongEnd(stage, stage.journal().slice(seen), served);
    await fresh(stage); // and it is updated by the daemon that came
    return [...unless(before.join() === after.join(), `the client was ${before}, and then ${after}`), ...wrong];
  };

/** The agent's side: its client ends with its container, and runs again in the next. `asked`: it had a last word. */
const agentSide = round<Up>;

const kill =
  (service: string, who: 'init' | 'vaultvisor') =>
  async ({ project }: Up) =>
    killIfThere((await project.pids(service))[who]);

const composed =
  (...all: readonly (readonly string[])[]) =>
  async ({ project }: Up): Promise<void> => {
    for (const words of all) await project.compose(...words);
  };

const restartEngine = async ({ host: { engine } }: Up): Promise<void> => {
  await engine.stop();
  await engine.start();
};

const cutPower = async ({ host: { engine } }: Up): Promise<void> => {
  await engine.cutPower();
  await engine.start();
};

const acts: readonly (readonly [words: string, act: Act])[] = [
  ['up, an update, the way back from a broken release', ({ stage }) => thereAndBack(stage)],
  ['the daemon’s container cannot read the key, the client has it; neither has a right', keyStays],
  ['kill -9 of the daemon', daemonSide(kill('vaultvisor', 'vaultvisor'))],
  ['restart of the daemon alone', daemonSide(composed(['restart', 'vaultvisor']))],
  ['stop of the daemon alone, and start', daemonSide(composed(['stop', 'vaultvisor'], ['start', 'vaultvisor']))],
  ['up with another daemon', daemonSide(composed(['up', '-d', '--force-recreate', '--no-deps', 'vaultvisor']))],
  ['kill -9 of the agent', agentSide(false, kill('vault', 'vaultvisor'))],
  ['restart of the client’s container alone', agentSide(true, composed(['restart', 'vault']))],
  ['down, and up with the volume kept', agentSide(true, composed(['down'], ['up', '-d']))],
  ['restart of dockerd', agentSide(true, restartEngine)],
  ['power cut of the machine', agentSide(false, cutPower)],
  [`stop, with a client that is deaf for all of its ${GRACE}: the file’s time to stop is in force`, stopsDeaf],
];

const actsOfNetwork: typeof acts = [
  ['up, an update, the way back from a broken release', ({ stage }) => thereAndBack(stage)],
  ['restart of the daemon alone', daemonSide(composed(['restart', 'vaultvisor']))],
  ['restart of the client’s container alone', agentSide(true, composed(['restart', 'vault']))],
  ['kill -9 of what has the network: it is lost to both until both are started again', losesNetwork],
];

async function keyStays({ project, stage }: Up): Promise<readonly string[]> {
  await fresh(stage);
  const [client = 0] = stage.clients();
  const inDaemon = await project.exec('vaultvisor', 'cat', '/run/secrets/key');
  const search = `grep -rlF ${KEY} /var/lib/vaultvisor /etc/vaultvisor /run /tmp /proc/[0-9]*/environ 2>/dev/null; true`;
  const [everywhere, control] = [
    await project.exec('vaultvisor', 'sh', '-c', search),
    await project.exec('vault', 'sh', '-c', search),
  ];
  const environ = readFileSync(`/proc/${client}/environ`, 'utf8');
  const writes = [await project.exec('vault', 'touch', '/etc/x'), await project.exec('vaultvisor', 'touch', '/etc/x')];
  const check = await project.exec('vaultvisor', 'sh', '-c', 'vaultvisor status || exit 1');
  const pids = [await project.pids('vault'), await project.pids('vaultvisor')];
  return [
    ...[client, ...pids.flatMap(({ init, vaultvisor }) => [init, vaultvisor])].flatMap(rightsOf),
    ...unless(inDaemon.code !== 0, 'the daemon’s container reads the key'),
    ...unless(everywhere.text === '', `the key is in ${everywhere.text}`),
    ...unless(control.text !== '', 'the search finds the key not even where it is'),
    ...unless(environ.includes(`KEY=${KEY}\0`), 'the client has no key'),
    ...writes.flatMap(({ text }) => unless(/Read-only file system/.test(text), `a root can be written: ${text}`)),
    ...unless(check.code === 0, `the health check ended with ${check.code}: ${check.text}`),
    ...libraryOf(client),
  ];
}

/** Killed after Compose's own ten seconds it would end with 137; in force is what the file says, so that it is the agent that ends the client, and itself with 0. */
async function stopsDeaf({ project, stage }: Up): Promise<readonly string[]> {
  const served = await fresh(stage);
  const seen = stage.journal().length;
  await stage.behave('deaf');
  await sleep(100); // it looks every ten of its ticks
  const since = performance.now();
  await project.compose('stop');
  const took = performance.now() - since;
  const codes = [await project.state('vault', 'ExitCode'), await project.state('vaultvisor', 'ExitCode')];
  const left = stage.clients().length;
  await stage.behave(null);
  await project.compose('start');
  await againIn(stage, served, seen);
  return [
    ...unless(codes.join() === '0,0', `the containers ended with ${codes.join(' and ')}`),
    ...unless(left === 0, `${left} clients outlived their container`),
    ...unless(took > Number.parseInt(GRACE, 10) * 1_000, `the client had ${Math.round(took)} ms of its ${GRACE}`),
    ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
  ];
}

/** As docs/containers.md says, "One network for both". */
async function losesNetwork({ project, stage }: Up): Promise<readonly string[]> {
  const served = await fresh(stage);
  const before = stage.clients();
  const seen = stage.journal().length;
  const cards = async (service: string) => (await project.exec(service, 'ls', '/sys/class/net')).text.includes('eth0');
  const had = [await cards('vault'), await cards('vaultvisor')];
  const started = await project.state('net', 'StartedAt');
  killIfThere((await project.pids('net')).init);
  while ((await project.state('net', 'StartedAt')) === started) await sleep(50);
  const lost = [await cards('vault'), await cards('vaultvisor')];
  const wrong = [
    ...unless(had.join() === 'true,true', `at first they have a network: ${had}`),
    ...unless(lost.join() === 'false,false', `with net started again they have a network: ${lost}`),
    ...unless(stage.clients().join() === before.join(), 'the client was started again'),
  ];
  await project.compose('restart', 'vaultvisor', 'vault');
  await againIn(stage, served, seen);
  const again = [await cards('vault'), await cards('vaultvisor')];
  return [
    ...wrong,
    ...unless(again.join() === 'true,true', `after a restart of both they have a network: ${again}`),
    ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
  ];
}
