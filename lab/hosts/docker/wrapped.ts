import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../support/random.ts';
import type { Act, Scenario } from '../host.ts';
import { outOfMemory } from '../out-of-memory.ts';
import { type Moment, play } from '../play.ts';
import { fresh, thereAndBack, unless, wrongEnd } from '../right-end.ts';
import { PLACE, patient } from '../stage.ts';
import { actsOn, actsOnMachine } from './acts.ts';
import { libraryOf } from './client-image.ts';
import type { Container } from './container.ts';
import { buildOn } from './image.ts';
import type { Running } from './scenarios.ts';
import { again, daemonOutOfMemory, fullVolume } from './trouble.ts';

const IMAGE = 'vaultvisor-lab-wrap';

/** `vaultvisor wrap` as the main process of a container whose image has the client's libraries: docs/containers.md, "Main process". */
export function wrapped(host: Running): readonly Scenario[] {
  let container: Promise<Container> | null = null;
  const begun = () => (container ??= buildOn(host.engine, IMAGE, host.client.name).then(() => begin(host, 'lab-wrap')));
  const scenario = (words: string, act: Body): Scenario => ({
    words: `wrap: ${words}`,
    run: async () => act(await begun()),
  });
  const memory = ['out of memory while it serves', 'out of memory on probation'].map((words, n) =>
    scenario(`the client is ${words}`, async (it) => (await outOfMemory(it.stage, sameStart(it))[n]?.run()) ?? []),
  );
  return [
    scenario('update, and the way back from a broken release', updateAndBack),
    scenario('another user than root, no right, a read-only root, the libraries of the client’s image', confined),
    ...rounds.map(([name, moment], n) =>
      scenario(`${name} ${moment}`, (it) => round(host, it, name, moment, createRandom(n).between(1, 1e6))),
    ),
    ...memory,
    scenario('vaultvisor is out of memory', (it) => daemonOutOfMemory(host.engine, it)),
    scenario('the volume is full: the client goes on, and is started again by a kill -9 and a docker restart', (it) =>
      fullVolume(it),
    ),
    {
      words: 'wrap: it ends with the client’s status where it may not start it again, and the next one leaves it down',
      run: async () => {
        await host.engine.docker('rm', '-f', '-v', (await begun()).name);
        return endsWithClient(await begin(host, 'lab-end', '-e', 'VAULTVISOR_END_ON=1 7'));
      },
    },
  ];
}

type Body = (container: Container) => Promise<readonly string[]>;

/** Not a file, but flags and variables alone. */
async function begin({ client, another }: Running, name: string, ...more: readonly string[]): Promise<Container> {
  const words = ['wrap', '--', '--witness', '.'];
  const container = await another(name, { image: IMAGE, words, small: true, library: client.library });
  const settings = ['release.interval=100ms', 'identity=the lab’s account'];
  for (const [key, value] of Object.entries(patient)) settings.push(`${key}=${JSON.stringify(value)}`);
  const variables = {
    PLACE,
    RELEASE: `manifest:${container.stage.manifest}`,
    SET: settings.join('\n'),
  };
  await container.run(
    ...Object.entries(variables).flatMap(([key, value]) => ['-e', `VAULTVISOR_${key}=${value}`]),
    ...more,
  );
  await fresh(container.stage);
  return container;
}

/** As a host's acts, at the moments that differ for it. */
const rounds: readonly (readonly [act: string, moment: Moment])[] = [
  ['kill -9 of vaultvisor in the container', 'while it serves'],
  ['kill -9 of tini, the first process', 'while it serves'],
  ['docker kill, and start', 'while it serves'],
  ['docker restart', 'while it serves'],
  ['docker stop, and start', 'while it serves'],
  ['kill -9 of vaultvisor in the container', 'on probation'],
  ['kill -9 of vaultvisor in the container', 'somewhere in an update'],
  ['docker restart', 'somewhere in an update'],
  ['docker stop, and start', 'somewhere in an update'],
  ['restart of dockerd (live-restore off)', 'somewhere in an update'],
  ['power cut of the machine', 'somewhere in an update'],
  ['kill -9 of vaultvisor in the container', 'somewhere in an update to a bad release'],
  ['docker stop, and start', 'somewhere in an update to a bad release'],
];

async function round(
  { words, engine }: Running,
  container: Container,
  name: string,
  moment: Moment,
  seed: number,
): Promise<readonly string[]> {
  const { stage, log } = container;
  const acts: readonly Act[] = [...actsOn(container), ...actsOnMachine(engine)];
  const act = acts.find((one) => one.words === name);
  if (act === undefined) throw new Error(`there is no act ${name}`);
  const host = { words, stage, acts: [], scenarios: [], log, close: async () => {} };
  return (await play(host, act, moment, await fresh(stage), createRandom(seed))).violations;
}

const updateAndBack = ({ stage }: Container): Promise<readonly string[]> => thereAndBack(stage);

async function confined({ stage, exec, pids, log }: Container): Promise<readonly string[]> {
  await fresh(stage);
  const [client = 0] = stage.clients();
  const { init, vaultvisor } = await pids();
  const read = (pid: number, what: string) => readFileSync(`/proc/${pid}/${what}`, 'utf8').replaceAll('\0', ' ');
  const wrong = [init, vaultvisor, client].flatMap((pid) => {
    const status = read(pid, 'status');
    return [
      ...unless(/^Uid:\t10001\t10001\t/m.test(status), `${read(pid, 'comm').trim()} runs as root`),
      ...unless(/^CapEff:\t0+$/m.test(status), `${read(pid, 'comm').trim()} has rights of root`),
    ];
  });
  const status = await exec('sh', '-c', 'vaultvisor status || exit 1');
  const [whose, write] = [await exec('cat', '/etc/whose'), await exec('touch', '/etc/x')];
  return [
    ...wrong,
    ...libraryOf(client),
    ...unless(read(init, 'comm').trim() === 'tini', `the first process is ${read(init, 'comm').trim()}`),
    ...unless(/ wrap -- --witness \. $/.test(read(vaultvisor, 'cmdline')), `it runs ${read(vaultvisor, 'cmdline')}`),
    ...unless(
      read(client, 'environ').includes('FROM_THE_IMAGE=yes '),
      'the client has not the environment of its image',
    ),
    ...unless(whose.text === 'client-image', `it runs in ${whose.text}`),
    ...unless(/Read-only file system/.test(write.text), `the root can be written: ${write.text}`),
    ...unless(status.code === 0, `the health check ended with ${status.code}: ${status.text}`),
    ...unless(/ serves \d/.test(await log()), 'the client’s lines are not passed on'),
  ];
}

const sameStart = (container: Container) => async () => {
  const before = await container.state('StartedAt');
  return async () => (await container.state('StartedAt')) === before;
};

async function endsWithClient({ stage, exec, docker, state }: Container): Promise<readonly string[]> {
  const served = await fresh(stage);
  const seen = stage.journal().length;
  await docker('update', '--restart', 'no');
  await stage.behave('crash');
  while ((await state('Running')) === 'true') await sleep(50);
  const code = await state('ExitCode');
  await stage.behave(null);
  await docker('start');
  const { reason } = await stage.until('it is down', ({ verdict, child }) => verdict === 'down' && child === null);
  const left = stage.clients().length;
  const told = await exec('vaultvisor', 'status');
  const start = await exec('vaultvisor', 'start');
  await again(stage, served.checksum);
  return [
    ...unless(code === '1', `the container ended with ${code}, and the client with 1`),
    ...unless(left === 0, `${left} clients were started all the same`),
    ...unless(/exited with status 1/.test(reason ?? ''), `it is down since “${reason}”`),
    ...unless(told.code === 4 || told.code === 3, `status of what is down ended with ${told.code}: ${told.text}`),
    ...unless(start.code === 0, `vaultvisor start ended with ${start.code}: ${start.text}`),
    ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
  ];
}
