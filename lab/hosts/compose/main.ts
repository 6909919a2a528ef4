import { join } from 'node:path';
import type { Running } from '../docker/scenarios.ts';
import type { Scenario } from '../host.ts';
import { fresh, thereAndBack, unless, wrongEnd } from '../right-end.ts';
import { againIn, round } from '../round.ts';
import { killIfThere } from '../signal.ts';
import { patient, type Stage, setStage } from '../stage.ts';
import { lazy, type Program, rightsOf } from './common.ts';
import { createProject, KEY, type Project } from './project.ts';

interface Up {
  readonly host: Running;
  readonly project: Project;
  readonly stage: Stage;
}

/** Inside, in the volume: nothing of the file is changed to show releases to the container. */
const ETC = '/var/lib/vaultvisor/etc';

/** More than the ten seconds after which Compose kills a container whose file says nothing, and less than this file says. */
const GRACE = '12s';

/** deploy/compose.main.yaml, with an image whose base is a client's. */
export function mainForm(host: Running, program: Program, image: string): readonly Scenario[] {
  const up = lazy(() => begin(host, program, image));
  return acts.map(([words, act], n) => ({
    words: `compose.main.yaml: ${words}`,
    run: async () => {
      const one = await up();
      const found = await act(one);
      if (n === acts.length - 1) await one.project.compose('down', '--volumes');
      return found;
    },
  }));
}

async function begin(host: Running, program: Program, image: string): Promise<Up> {
  const settings = {
    ...patient,
    'release.interval': '100ms',
    identity: 'the lab’s account',
    stop: { signal: 'SIGINT', grace: GRACE },
  };
  const set = Object.entries(settings).map(([key, value]) => `${' '.repeat(8)}${key}=${JSON.stringify(value)}`);
  const lines = {
    'image: ': `image: ${image}`,
    'command: ': 'command: ["wrap", "--", "--witness", "."]',
    'VAULTVISOR_ENDPOINT: ': `VAULTVISOR_RELEASE: manifest:file://${ETC}/vault.json`,
    'VAULTVISOR_SET: ': ['VAULTVISOR_SET: |', ...set].join('\n'),
  };
  const folder = join(host.folder, 'compose-main');
  const project = await createProject(host.engine, program, folder, 'lab-main', { 'compose.main.yaml': lines });
  await project.compose('up', '-d');
  const inside = { etc: ETC, home: '/var/lib/vaultvisor' };
  const { library } = host.client;
  const stage = await setStage({ etc: join(project.volume, 'etc'), home: project.volume, inside, library });
  return { host, project, stage };
}

type Act = (up: Up) => Promise<readonly string[]>;

const acts: readonly (readonly [words: string, act: Act])[] = [
  ['up, an update, the way back from a broken release', ({ stage }) => thereAndBack(stage)],
  ['the key is there, no right is, the root is read-only, the health check passes', confined],
  ['kill -9 of vaultvisor', round(false, async ({ project }) => killIfThere((await project.pids('vault')).vaultvisor))],
  ['kill -9 of tini', round(false, async ({ project }) => killIfThere((await project.pids('vault')).init))],
  ['kill -s SIGKILL, and start', round(false, killAndStart)],
  ['restart', round(true, ({ project }) => project.compose('restart'))],
  ['down, and up with the volume kept', round(true, downAndUp)],
  ['up with an edited file', round(true, ({ project }) => project.compose('up', '-d', '--force-recreate'))],
  ['restart of dockerd', round(true, restartEngine)],
  ['power cut of the machine', round(false, cutPower)],
  [`stop, with a client that is deaf for all of its ${GRACE}: the file’s time to stop is in force`, stopsDeaf],
];

async function killAndStart({ project }: Up): Promise<void> {
  await project.compose('kill', '-s', 'SIGKILL');
  await project.compose('start');
}

async function downAndUp({ project }: Up): Promise<void> {
  await project.compose('down');
  await project.compose('up', '-d');
}

async function restartEngine({ host: { engine } }: Up): Promise<void> {
  await engine.stop();
  await engine.start();
}

async function cutPower({ host: { engine } }: Up): Promise<void> {
  await engine.cutPower();
  await engine.start();
}

async function confined({ project, stage }: Up): Promise<readonly string[]> {
  await fresh(stage);
  const key = await project.exec('vault', 'cat', '/run/secrets/key');
  const write = await project.exec('vault', 'touch', '/etc/x');
  const check = await project.exec('vault', 'sh', '-c', 'vaultvisor status || exit 1');
  const { init, vaultvisor } = await project.pids('vault');
  return [
    ...[init, vaultvisor, ...stage.clients()].flatMap(rightsOf),
    ...unless(key.text === KEY, `the key is ${key.text}`),
    ...unless(/Read-only file system/.test(write.text), `the root can be written: ${write.text}`),
    ...unless(check.code === 0, `the health check ended with ${check.code}: ${check.text}`),
  ];
}

/** Killed after Compose's own ten seconds it would end with 137; in force is what the file says, so that it is vaultvisor that ends the client, and itself with 0. */
async function stopsDeaf({ project, stage }: Up): Promise<readonly string[]> {
  const served = await fresh(stage);
  const seen = stage.journal().length;
  await stage.behave('deaf');
  await new Promise((resolve) => setTimeout(resolve, 100)); // it looks every ten of its ticks
  const since = performance.now();
  await project.compose('stop');
  const took = performance.now() - since;
  const [code, left] = [await project.state('vault', 'ExitCode'), stage.clients().length];
  await stage.behave(null);
  await project.compose('start');
  await againIn(stage, served, seen);
  return [
    ...unless(code === '0', `the container ended with ${code}`),
    ...unless(left === 0, `${left} clients outlived the container`),
    ...unless(took > Number.parseInt(GRACE, 10) * 1_000, `the client had ${Math.round(took)} ms of its ${GRACE}`),
    ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
  ];
}
