import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lazy, rightsOf } from '../compose/common.ts';
import { KEY } from '../compose/project.ts';
import { libraryOf } from '../docker/client-image.ts';
import type { Scenario } from '../host.ts';
import { fresh, thereAndBack, unless, wrongEnd } from '../right-end.ts';
import { round } from '../round.ts';
import { killIfThere } from '../signal.ts';
import { patient } from '../stage.ts';
import { type Deployed, GRACE, HOME, manifest } from './deployed.ts';
import type { Running } from './host.ts';
import { images } from './images.ts';
import { endsDeaf, rollOut } from './main.ts';
import { patiently } from './processes.ts';

/** deploy/kubernetes.sidecar.yaml, in the place of the other. */
export function sidecarScenarios({ next }: Running): readonly Scenario[] {
  const set = lazy(next);
  return acts.map(([words, act]) => ({
    words: `kubernetes.sidecar.yaml: ${words}`,
    run: async () => act(await set()),
  }));
}

type Act = (set: Deployed) => Promise<readonly string[]>;

const acts: readonly (readonly [words: string, act: Act])[] = [
  ['the client’s container begins when there is something to start, and not before', beginsStaged],
  ['an update, the way back from a broken release', ({ stage }) => thereAndBack(stage)],
  ['the daemon’s container cannot read the key, the client has it; neither has a right', keyStays],
  ['kill -9 of the daemon', daemonSide('vaultvisor')],
  ['kill -9 of the daemon’s tini', daemonSide('init')],
  [
    'kill -9 of the agent',
    round(false, async ({ pod }: Deployed) => killIfThere((await pod.pids('vault')).vaultvisor)),
  ],
  [
    'kill -9 of the agent’s tini',
    round(false, async ({ pod }: Deployed) => killIfThere((await pod.pids('vault')).init)),
  ],
  ['an edit of the ConfigMap is seen', editsMap],
  ['delete of the pod: the daemon ends after its client', endsInOrder],
  ['a rolling update: the next pod begins when the former has gone', round<Deployed>(true, rollOut)],
  ['a client that is deaf longer than a pod usually may be: the manifest’s time to end is in force', endsDeaf],
];

const SETTINGS = {
  agent: { socket: `${HOME}/run/agent.sock` },
  env: { KEY: '{secret:file:/run/secrets/key}' },
  stop: { ...patient.stop, grace: GRACE },
};
const TOP = { http: { listen: '127.0.0.1:9616' } };

/** As docs/containers.md says it. */
async function writeMap({ cluster, stage }: Deployed, more: object = {}): Promise<void> {
  await stage.write({ ...SETTINGS, ...more }, TOP);
  const file = `--from-file=${join(stage.etc, 'args.json')}`;
  await cluster.apply(
    await cluster.kubectl('create', 'configmap', 'vaultvisor', file, '--dry-run=client', '-o', 'yaml'),
  );
}

async function beginsStaged(set: Deployed): Promise<readonly string[]> {
  const { cluster, pod, stage } = set;
  await writeMap(set);
  const lines = {
    'image: registry.example.org/vaultvisor@': `image: ${images.daemon}`,
    'image: registry.example.org/vault-agent@': `image: ${images.agent}`,
  };
  await cluster.apply(await manifest('kubernetes.sidecar.yaml', lines));
  await patiently('the daemon runs', async () => (await pod.told('vaultvisor')).state.running !== undefined);
  const staged = await pod.exec('vaultvisor', 'vaultvisor', 'status', '--staged');
  await new Promise((resolve) => setTimeout(resolve, 12_000)); // two of its probes
  const early = await pod.told('vault');
  const built = stage.build();
  await stage.name(built);
  await patiently('the client’s container runs', async () => (await pod.told('vault')).ready);
  await stage.until('it serves', ({ child, verdict }) => child?.checksum === built.checksum && verdict === 'healthy');
  const { restartCount } = await pod.told('vault');
  return [
    ...unless(staged.code !== 0, 'with nothing named, status --staged ended with 0'),
    ...unless(early.state.waiting?.reason === 'PodInitializing', `it was ${JSON.stringify(early.state)}`),
    ...unless(restartCount === 0, `it was started again ${restartCount} times`),
    ...(await wrongEnd(stage, stage.journal(), built)),
  ];
}

async function keyStays({ pod, stage }: Deployed): Promise<readonly string[]> {
  await fresh(stage);
  const [client = 0] = stage.clients();
  const inDaemon = await pod.exec('vaultvisor', 'cat', '/run/secrets/key');
  const search = `grep -rlF ${KEY} /var/lib/vaultvisor /etc/vaultvisor /run /tmp /proc/[0-9]*/environ 2>/dev/null; true`;
  const everywhere = await pod.exec('vaultvisor', 'sh', '-c', search);
  const control = await pod.exec('vault', 'sh', '-c', search);
  const writes = [await pod.exec('vault', 'touch', '/etc/x'), await pod.exec('vaultvisor', 'touch', '/etc/x')];
  const pids = [await pod.pids('vault'), await pod.pids('vaultvisor')];
  const home = statSync(stage.home);
  return [
    ...[client, ...pids.flatMap(({ init, vaultvisor }) => [init, vaultvisor])].flatMap(rightsOf),
    ...unless(inDaemon.code !== 0, 'the daemon’s container reads the key'),
    ...unless(everywhere.text === '', `the key is in ${everywhere.text}`),
    ...unless(control.text !== '', 'the search finds the key not even where it is'),
    ...unless(readFileSync(`/proc/${client}/environ`, 'utf8').includes(`KEY=${KEY}\0`), 'the client has no key'),
    ...writes.flatMap(({ text }) => unless(/Read-only file system/.test(text), `a root can be written: ${text}`)),
    ...unless(home.uid === 10001 && (home.mode & 0o077) === 0, `the home is ${home.mode.toString(8)} of ${home.uid}`),
    ...libraryOf(client),
  ];
}

/** The client is the same process before and after. */
function daemonSide(who: 'init' | 'vaultvisor'): Act {
  return async ({ pod, stage }) => {
    const served = await fresh(stage);
    const before = stage.clients();
    const seen = stage.journal().length;
    const { restartCount } = await pod.told('vaultvisor');
    killIfThere((await pod.pids('vaultvisor'))[who]);
    await patiently('its container runs again', async () => {
      const told = await pod.told('vaultvisor');
      return told.restartCount > restartCount && told.state.running !== undefined;
    });
    await stage.until('the daemon is there again', ({ child, verdict }) => child !== null && verdict === 'healthy');
    const after = stage.clients();
    const wrong = await wrongEnd(stage, stage.journal().slice(seen), served);
    await fresh(stage); // and it is updated by the daemon that came
    return [...unless(before.join() === after.join(), `the client was ${before}, and then ${after}`), ...wrong];
  };
}

async function editsMap(set: Deployed): Promise<readonly string[]> {
  const { stage } = set;
  const served = await fresh(stage);
  const seen = stage.journal().length;
  const isEdited = () =>
    stage.clients().some((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('edited-in-the-map'));
  await writeMap(set, { args: ['--witness', '.', '--', 'edited-in-the-map'] });
  await patiently('the edit is in force', async () => isEdited());
  await stage.until('it serves', ({ verdict, phase }) => verdict === 'healthy' && phase === 'running');
  await writeMap(set);
  await patiently('it is taken back', async () => stage.clients().length === 1 && !isEdited());
  await stage.until('it serves', ({ verdict, phase }) => verdict === 'healthy' && phase === 'running');
  return wrongEnd(stage, stage.journal().slice(seen), served);
}

/** A native sidecar is asked when the others have gone: so that the client's end is still told to its daemon. */
async function endsInOrder(set: Deployed): Promise<readonly string[]> {
  const { stage, cluster } = set;
  const stops = () => stage.history().filter(({ event }) => event === 'exited' || event === 'stopped').length;
  const before = stops();
  const found = await round<Deployed>(true, () => cluster.kubectl('delete', 'pod', 'vault-0'))(set);
  return [...found, ...unless(stops() > before, 'the daemon had gone before its client')];
}
