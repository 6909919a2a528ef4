import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lacking } from '../command.ts';
import { noDocker } from '../docker/host.ts';
import { cache } from '../machine/base.ts';

/** Where `build.sh` beside this file puts what no distribution has. */
const own = join(cache, 'kubernetes');

export type Program = 'kubelet' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

const PROGRAMS: readonly Program[] = ['kubelet', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** Debian's containernetworking-plugins. */
export const CNI = '/usr/lib/cni';

export const programAt = (name: Program): string => join(own, name);

/** Why no node can be had here; `null`: one can. */
export async function noKubernetes(): Promise<string | null> {
  const missing = PROGRAMS.filter((name) => !existsSync(programAt(name)));
  if (missing.length > 0) return `no ${missing.join(', ')}: lab/hosts/kubernetes/build.sh makes them`;
  if (!existsSync(join(CNI, 'bridge'))) return 'not installed: containernetworking-plugins';
  return (await noDocker()) ?? lacking('etcd', 'containerd', 'ctr', 'kubectl', 'openssl', 'ip');
}
