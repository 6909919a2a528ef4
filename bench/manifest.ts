import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scene } from './scene.ts';

/** One client that follows a manifest on disk: what is measured with it has no network in it. */
export const PLACE = 'local/vault';

/** @param settings of the client, beside what it follows */
export async function followManifest(scene: Scene, settings: object = {}): Promise<void> {
  const release = { source: 'manifest', url: `file://${manifestOf(scene)}`, interval: '100ms' };
  await scene.configure({ local: { clients: { vault: { release, identity: scene.folder, ...settings } } } });
}

/** Names a new release of the client in the manifest, in one rename. `terms`: further keys. Returns its checksum. */
export async function nameRelease(scene: Scene, number: number, terms: object = {}): Promise<string> {
  const path = join(scene.folder, `vault-${number}`);
  const { checksum } = scene.client.release(path, number);
  const manifest = manifestOf(scene);
  const said = { version: `1.0.${number}`, uri: `file://${path}`, checksum, ...terms };
  await writeFile(`${manifest}.new`, JSON.stringify(said));
  await rename(`${manifest}.new`, manifest);
  return checksum;
}

const manifestOf = ({ folder }: Scene): string => join(folder, 'manifest.json');
