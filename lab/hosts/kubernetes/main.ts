import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { rightsOf } from '../compose/common.ts';
import { KEY } from '../compose/project.ts';
import type { Scenario } from '../host.ts';
import { fresh, thereAndBack, unless, wrongEnd } from '../right-end.ts';
import { againIn, round } from '../round.ts';
import { killIfThere } from '../signal.ts';
import type { Deployed } from './deployed.ts';
import type { Running } from './host.ts';
import { patiently } from './processes.ts';

/** deploy/kubernetes.main.yaml. */
export function mainScenarios(running: Running): readonly Scenario[] {
  return acts.map(([words, act]) => ({ words: `kubernetes.main.yaml: ${words}`, run: () => act(running) }));
}

type Act = (running: Running) => Promise<readonly string[]>;

const acts: readonly (readonly [words: string, act: Act])[] = [
  ['an update, the way back from a broken release', ({ stage }) => thereAndBack(stage)],
  ['no right, a read-only root, the key by its group, a home of its own in the volume', confined],
  [
    'kill -9 of vaultvisor',
    round(false, async ({ pod }: Running) => killIfThere((await pod.pids('vault')).vaultvisor)),
  ],
  ['kill -9 of tini', round(false, async ({ pod }: Running) => killIfThere((await pod.pids('vault')).init))],
  ['delete of the pod', round(true, ({ cluster }: Running) => cluster.kubectl('delete', 'pod', 'vault-0'))],
  ['a rolling update: the next pod begins when the former has gone', round<Running>(true, rollOut)],
  ['a second pod of the same claim is not let in', secondPod],
  ['kill -9 of the kubelet: the client goes on', kubeletDies],
  ['a client that is deaf longer than a pod usually may be: the manifest’s time to end is in force', endsDeaf],
];

export async function rollOut({ cluster, pod }: Deployed): Promise<void> {
  const before = await pod.uid();
  await cluster.kubectl('rollout', 'restart', 'statefulset/vault');
  await patiently('another pod is there', async () => (await pod.uid()) !== before);
}

async function confined({ pod, stage }: Running): Promise<readonly string[]> {
  await fresh(stage);
  const key = await pod.exec('vault', 'cat', '/run/secrets/vault/key');
  const mode = await pod.exec('vault', 'stat', '-L', '-c', '%a %u %g', '/run/secrets/vault/key');
  const write = await pod.exec('vault', 'touch', '/etc/x');
  const status = await pod.exec('vault', 'vaultvisor', 'status');
  const { init, vaultvisor } = await pod.pids('vault');
  const home = statSync(stage.home);
  return [
    ...[init, vaultvisor, ...stage.clients()].flatMap(rightsOf),
    ...unless(key.text === KEY, `the key is ${key.text}`),
    ...unless(mode.text === '440 0 10001', `mode and owners of the key are ${mode.text}`),
    ...unless(/Read-only file system/.test(write.text), `the root can be written: ${write.text}`),
    ...unless(status.code === 0, `status ended with ${status.code}: ${status.text}`),
    ...unless(home.uid === 10001 && (home.mode & 0o077) === 0, `the home is ${home.mode.toString(8)} of ${home.uid}`),
  ];
}

/** What a person does who wants to look into the volume, or a controller that is in error. */
async function secondPod({ cluster, stage }: Running): Promise<readonly string[]> {
  await fresh(stage);
  const seen = stage.journal().length;
  const second = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'second' },
    spec: {
      containers: [
        { name: 'second', image: 'localhost/vault:lab', volumeMounts: [{ name: 'home', mountPath: '/home' }] },
      ],
      volumes: [{ name: 'home', persistentVolumeClaim: { claimName: 'home-vault-0' } }],
    },
  };
  await cluster.apply(JSON.stringify(second));
  const said = () =>
    cluster.kubectl('get', 'pod', 'second', '-o', 'jsonpath={.status.phase} {.status.conditions[*].message}');
  await patiently('the scheduler has said something', async () => /\S \S/.test(await said()));
  const words = await said();
  await cluster.kubectl('delete', 'pod', 'second', '--grace-period=0', '--force');
  return [
    ...unless(/^Pending .*ReadWriteOncePod/.test(words), `of the second pod the cluster says ${words}`),
    ...unless(stage.journal().length === seen, 'the client was disturbed'),
  ];
}

async function kubeletDies({ cluster, stage, pod }: Running): Promise<readonly string[]> {
  const served = await fresh(stage);
  const before = [await pod.uid(), ...stage.clients()].join();
  const seen = stage.journal().length;
  await cluster.restartKubelet();
  await sleep(5_000); // it looks at all its pods
  const after = [await pod.uid(), ...stage.clients()].join();
  return [
    ...unless(before === after, `it was ${before}, and then ${after}`),
    ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
  ];
}

/** Killed by the kubelet after its own thirty seconds vaultvisor could not write down that the client was stopped. */
export async function endsDeaf({ cluster, stage }: Deployed): Promise<readonly string[]> {
  const served = await fresh(stage);
  const seen = stage.journal().length;
  const stops = () => stage.history().filter(({ event }) => event === 'stopped').length;
  const before = stops();
  await stage.behave('deaf');
  await sleep(100); // it looks every ten of its ticks
  const since = performance.now();
  const deleted = cluster.kubectl('delete', 'pod', 'vault-0');
  while (stage.clients().length > 0) await sleep(50);
  const took = performance.now() - since;
  await stage.behave(null);
  await deleted;
  await againIn(stage, served, seen);
  return [
    ...unless(stops() > before, 'vaultvisor was killed before it had ended its client'),
    ...unless(took > 31_500, `the client had ${Math.round(took)} ms of its 32 s`),
    ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
  ];
}
