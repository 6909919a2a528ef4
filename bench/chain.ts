import { setTimeout as sleep } from 'node:timers/promises';
import { type ReleaseServer, startReleaseServer } from '../demo/release-server.ts';
import { type DevChain, startDevChain } from '../devchain/dev-chain.ts';
import type { Scene } from './scene.ts';

/** A real chain that names releases by `ClientsInfo`, and the host they are fetched from. */
export interface NamingChain {
  readonly chain: DevChain;
  /** Puts a release on the host; it can be named from then on. */
  host(number: number): { readonly uri: string; readonly checksum: string };
}

export async function startNamingChain(scene: Scene): Promise<NamingChain> {
  const chain = await startDevChain();
  scene.owns(() => chain.stop());
  const files: ReleaseServer = await startReleaseServer();
  scene.owns(() => files.stop());
  return {
    chain,
    host(number) {
      const { bytes, checksum } = scene.client.release(`${scene.folder}/chain-${number}`, number);
      return { uri: files.put(`/${number}/vault`, bytes), checksum };
    },
  };
}

/** Follows the release `vault` of a chain in so many instances of each network, all of them on that one chain. @returns their places */
export async function followChain(
  scene: Scene,
  { endpoint, genesis }: DevChain,
  instances: number | readonly number[],
): Promise<readonly string[]> {
  const release = { source: 'clients-info', client: 'vault' };
  const counts = typeof instances === 'number' ? [instances] : instances;
  const networks = counts.map((count, number) => {
    const name = number === 0 ? 'chain' : `chain-${number}`;
    const client = (index: number) => [`vault-${index}`, { release, identity: `${scene.folder} ${name} ${index}` }];
    return [name, Object.fromEntries(Array.from({ length: count }, (_, index) => client(index)))] as const;
  });
  await scene.configure(
    Object.fromEntries(networks.map(([name, clients]) => [name, { endpoints: [endpoint], genesis, clients }])),
  );
  return networks.flatMap(([name, clients]) => Object.keys(clients).map((client) => `${name}/${client}`));
}

export const placeOf = (index: number): string => `chain/vault-${index}`;

/** Waits until the first instance has fetched a release that is pending. */
export async function fetched(scene: Scene, checksum: string): Promise<void> {
  for (let tries = 0; tries < 1_500; tries += 1) {
    if ((await scene.history(placeOf(0), checksum)).includes('fetched')) return;
    await sleep(20);
  }
  throw new Error(`${checksum} was not fetched ahead`);
}
