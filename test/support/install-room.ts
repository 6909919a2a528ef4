import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployment, deploymentOf, type Settings } from '../../src/core/deployment.ts';
import type { LayOutRequest } from '../../src/install/deployment-dir.ts';
import { homeAt, type InstanceFolder } from '../../src/layout.ts';

export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const never = new AbortController().signal;

/** A home of its own with a blob in it, and what it takes to lay that out. */
export interface InstallRoom {
  readonly root: string;
  readonly folder: InstanceFolder;
  readonly blob: string;
  readonly request: LayOutRequest;
  deployment(settings?: Partial<Settings>, bytes?: string | Uint8Array): Deployment;
  remove(): Promise<void>;
}

export async function installRoom(bytes: string | Uint8Array = '#!/bin/sh\nexit 0\n'): Promise<InstallRoom> {
  const root = await mkdtemp(join(tmpdir(), 'vaultvisor-install-'));
  const blob = join(root, 'blob');
  await writeFile(blob, bytes, { mode: 0o555 });
  const folder = homeAt(root).instance('kintsugi', 'vault');
  const deployment = (settings: Partial<Settings> = {}, of = bytes) =>
    deploymentOf(
      { checksum: `0x${sha256(of)}`, uri: 'https://example.org/1.2/vault-kintsugi', version: '1.2' },
      { args: ['--version-seen', '{version}'], env: { RUST_LOG: 'info' }, cwd: '/', member: null, ...settings },
    );
  const extract = () => Promise.reject(new Error('nothing is to be extracted'));
  const material = () => Promise.reject(new Error('nothing is to be migrated'));
  const request = { folder, deployment: deployment(), clientKey: 'vault', blob, extract, material };
  return { root, folder, blob, request, deployment, remove: () => rm(root, { recursive: true, force: true }) };
}
