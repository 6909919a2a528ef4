import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { processes as allProcesses } from '../../../src/process/who/processes.ts';
import { textAt } from '../../support/journal.ts';
import { command, outcome } from '../command.ts';
import { cache } from '../machine/base.ts';
import { killIfThere } from '../signal.ts';
import { unmountBelow } from '../unmount.ts';
import { makeCredentials } from './credentials.ts';
import { createProcesses, patiently } from './processes.ts';
import { programAt } from './programs.ts';
import { ADDRESS, containerdSettings, kubeletSettings, networkSettings } from './settings.ts';

/** A control plane and one node, of our own, beside whatever else runs on this machine. */
export interface Cluster {
  /** @throws Error with its words if it does not end with 0 */
  kubectl(...words: readonly string[]): Promise<string>;
  outcome(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  /** Tells the cluster of these objects, as `kubectl apply` does of a file's. */
  apply(text: string): Promise<string>;
  /** Puts the images of a `docker save` where the node finds them. */
  importImages(tar: string): Promise<void>;
  /** Ends the kubelet as a crash would, and starts another. Its pods are not asked. */
  restartKubelet(): Promise<void>;
  log(): string;
  close(): Promise<void>;
}

export const NODE = 'lab-node';

const API = 16443;

/** What a kubelet sets for the whole machine. */
const SYSCTLS = ['vm/overcommit_memory', 'kernel/panic', 'kernel/panic_on_oops'];

export async function startCluster(folder: string): Promise<Cluster> {
  await mkdir(folder, { recursive: true });
  const at = (name: string): string => join(folder, name);
  const socket = at('containerd.sock');
  const programs = createProcesses(folder);
  const sysctls = await Promise.all(
    SYSCTLS.map(async (name) => [name, await readFile(`/proc/sys/${name}`, 'utf8')] as const),
  );
  const { folder: pki, kubeconfig } = await makeCredentials(at('pki'), `https://127.0.0.1:${API}`);
  const kubectlWords = ['--kubeconfig', kubeconfig('admin'), '--cache-dir', at('kubectl')];
  const kubectl = async (...words: readonly string[]): Promise<string> => command('kubectl', ...kubectlWords, ...words);

  await outcome('ip', 'link', 'add', 'vvlab0', 'type', 'bridge');
  await outcome('ip', 'address', 'add', `${ADDRESS}/32`, 'dev', 'vvlab0');
  await command('ip', 'link', 'set', 'vvlab0', 'up');

  programs.start('etcd', 'etcd', ...etcdWords(at('etcd')));
  programs.start('kube-apiserver', programAt('kube-apiserver'), ...apiWords(pki));
  await patiently(
    'the API server is ready',
    async () => (await kubectl('get', '--raw', '/readyz')) === 'ok',
    () => programs.log('kube-apiserver'),
  );
  programs.start('kcm', programAt('kube-controller-manager'), ...managerWords(kubeconfig('kcm'), pki));
  programs.start(
    'sched',
    programAt('kube-scheduler'),
    ...ownKubeconfig(kubeconfig('sched')),
    '--bind-address=127.0.0.1',
    '--secure-port=16259',
    '--leader-elect=false',
  );

  await mkdir(at('cni'), { recursive: true });
  await writeFile(at('cni/10-lab.conflist'), JSON.stringify(networkSettings(at('addresses'))));
  // images are kept for the next run
  await mkdir(join(cache, 'kubernetes/containerd'), { recursive: true });
  await writeFile(at('containerd.toml'), containerdSettings(folder, socket, at('cni')));
  programs.start('containerd', 'containerd', '--config', at('containerd.toml'));
  await patiently(
    'containerd is up',
    async () => (await outcome('ctr', '-a', socket, 'version')).code === 0,
    () => programs.log('containerd'),
  );

  await writeFile(at('kubelet.json'), JSON.stringify(kubeletSettings(socket, join(pki, 'ca.crt'))));
  const kubelet = (): void =>
    programs.start(
      'kubelet',
      programAt('kubelet'),
      ...['--config', at('kubelet.json'), '--kubeconfig', kubeconfig('node'), '--hostname-override', NODE],
      ...['--root-dir', at('kubelet'), '--cert-dir', at('kubelet-pki'), '--node-ip', ADDRESS],
    );

  const ready = (): Promise<void> =>
    patiently(
      'the node is ready',
      async () => / Ready /.test(await kubectl('get', 'node', NODE, '--no-headers')),
      () => programs.log('kubelet'),
    );

  async function clear(): Promise<void> {
    await kubectl('delete', 'statefulset,pod,pvc,pv,configmap,secret', '--all', '--grace-period=0', '--force').catch(
      () => {},
    );
    await programs.end('kubelet', 'SIGKILL');
    const shims = allProcesses().filter(({ pid }) => textAt(`/proc/${pid}/cmdline`).includes(`-address\0${socket}`));
    const inits = allProcesses().filter(({ parent }) => shims.some(({ pid }) => pid === parent));
    for (const { pid } of [...inits, ...shims]) killIfThere(pid);
  }

  return {
    kubectl,
    outcome: (...words) => outcome('kubectl', ...kubectlWords, ...words),
    apply: async (text) => (await execa('kubectl', [...kubectlWords, 'apply', '-f', '-'], { input: text })).stdout,
    async importImages(tar) {
      await command('ctr', '-a', socket, '-n', 'k8s.io', 'images', 'import', tar);
      kubelet();
      await ready();
    },
    async restartKubelet() {
      await programs.end('kubelet', 'SIGKILL');
      kubelet();
      await ready();
    },
    log: () =>
      ['kubelet', 'containerd', 'kube-apiserver', 'kcm'].map((name) => `${name}:\n${programs.log(name)}`).join('\n'),
    async close() {
      await clear();
      await programs.endAll();
      for (const [name, value] of sysctls) await writeFile(`/proc/sys/${name}`, value).catch(() => {});
      for (const bridge of ['vvlab0', 'vvlab1']) await outcome('ip', 'link', 'delete', bridge);
      await unmountBelow(folder);
      await outcome('sh', '-c', 'find /sys/fs/cgroup -depth -type d -path "*/kubepods*" -exec rmdir {} + 2>/dev/null');
      await rm(at('root'), { recursive: true, force: true });
    },
  };
}

const ownKubeconfig = (path: string): readonly string[] => [
  `--kubeconfig=${path}`,
  `--authentication-kubeconfig=${path}`,
  `--authorization-kubeconfig=${path}`,
];

const etcdWords = (data: string): readonly string[] => [
  `--data-dir=${data}`,
  ...['listen-client-urls', 'advertise-client-urls'].map((name) => `--${name}=http://127.0.0.1:22379`),
  ...['listen-peer-urls', 'initial-advertise-peer-urls'].map((name) => `--${name}=http://127.0.0.1:22380`),
  '--initial-cluster=default=http://127.0.0.1:22380',
  '--unsafe-no-fsync',
];

const apiWords = (pki: string): readonly string[] => [
  '--etcd-servers=http://127.0.0.1:22379',
  ...['--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', `--secure-port=${API}`],
  ...[`--tls-cert-file=${pki}/api.crt`, `--tls-private-key-file=${pki}/api.key`],
  '--service-cluster-ip-range=10.96.0.0/24',
  '--service-account-issuer=https://kubernetes.default.svc',
  ...[`--service-account-key-file=${pki}/sa.pub`, `--service-account-signing-key-file=${pki}/sa.key`],
  ...['--authorization-mode=Node,RBAC', `--token-auth-file=${pki}/tokens.csv`],
  ...[`--kubelet-client-certificate=${pki}/kubelet.crt`, `--kubelet-client-key=${pki}/kubelet.key`],
  '--enable-admission-plugins=NodeRestriction',
  '--endpoint-reconciler-type=none',
  '--kubelet-preferred-address-types=InternalIP',
];

const managerWords = (kubeconfig: string, pki: string): readonly string[] => [
  ...ownKubeconfig(kubeconfig),
  `--service-account-private-key-file=${pki}/sa.key`,
  `--root-ca-file=${pki}/ca.crt`,
  ...[
    '--use-service-account-credentials=true',
    '--bind-address=127.0.0.1',
    '--secure-port=16257',
    '--leader-elect=false',
  ],
];
