import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../command.ts';

/** Who may ask the API server, and by which file. */
export type Who = 'admin' | 'kcm' | 'sched' | 'node';

export interface Credentials {
  /** Below it: `ca.crt`, `api.crt`, `api.key`, `sa.pub`, `sa.key`, `kubelet.crt`, `kubelet.key`, `tokens.csv`. */
  readonly folder: string;
  kubeconfig(who: Who): string;
}

const TOKENS: Readonly<Record<Who, string>> = {
  admin: 'admintoken,admin,admin,"system:masters"',
  kcm: 'kcmtoken,system:kube-controller-manager,kcm',
  sched: 'schedtoken,system:kube-scheduler,sched',
  node: 'nodetoken,system:node:lab-node,node,"system:nodes"',
};

/** An authority of our own for a cluster that lives as long as the experiment. */
export async function makeCredentials(folder: string, server: string): Promise<Credentials> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = (name: string): string => join(folder, name);
  const openssl = (...words: readonly string[]): Promise<string> => command('openssl', ...words);
  const subject = (name: string): readonly string[] => ['-subj', `/CN=${name}`];
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '30',
    ...subject('lab'),
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
  );
  for (const [name, kind] of [
    ['api', 'subjectAltName=IP:127.0.0.1'],
    ['kubelet', 'extendedKeyUsage=clientAuth'],
  ] as const) {
    await writeFile(at(`${name}.ext`), `${kind}\n`);
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      ...subject(name),
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.csr`),
    );
    const signed = [
      '-CA',
      at('ca.crt'),
      '-CAkey',
      at('ca.key'),
      '-CAcreateserial',
      '-days',
      '30',
      '-extfile',
      at(`${name}.ext`),
    ];
    await openssl('x509', '-req', '-in', at(`${name}.csr`), ...signed, '-out', at(`${name}.crt`));
  }
  await openssl('genrsa', '-out', at('sa.key'), '2048');
  await openssl('rsa', '-in', at('sa.key'), '-pubout', '-out', at('sa.pub'));
  await writeFile(at('tokens.csv'), `${Object.values(TOKENS).join('\n')}\n`, { mode: 0o600 });
  for (const [who, line] of Object.entries(TOKENS)) {
    const cluster = { name: 'lab', cluster: { server, 'certificate-authority': at('ca.crt') } };
    const user = { name: who, user: { token: line.split(',')[0] } };
    const context = { name: 'lab', context: { cluster: 'lab', user: who } };
    const all = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [cluster],
      users: [user],
      contexts: [context],
      'current-context': 'lab',
    };
    await writeFile(at(`${who}.kubeconfig`), JSON.stringify(all), { mode: 0o600 });
  }
  return { folder, kubeconfig: (who) => at(`${who}.kubeconfig`) };
}
