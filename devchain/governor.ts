import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/promise/types';
import { type BlockRef, submit } from './submit.ts';

/** What the holder of sudo, Alice, can do to a dev chain. Every act resolves when its block is there. */
export interface Governor {
  /** `VaultRegistry.set_vault_release`. `checksum`: SHA-256, 64 hex digits with or without `0x`. */
  publishVaultRelease(version: string, checksum: string): Promise<BlockRef>;
  /** `ClientsInfo.set_current_client_release`: effective in its block. */
  setCurrentRelease(client: string, uri: string, checksum: string): Promise<BlockRef>;
  /** `ClientsInfo.set_pending_client_release`: becomes current with the next runtime upgrade. */
  setPendingRelease(client: string, uri: string, checksum: string): Promise<BlockRef>;
  /** `System.authorize_upgrade` of the next runtime's code hash, by which real chains announce an upgrade. */
  authorizeUpgrade(): Promise<BlockRef>;
  /** Puts the next runtime in force; resolves with the first block that it built, in which pending became current. */
  upgradeRuntime(): Promise<BlockRef>;
  /** An empty block, or one with what waits in the pool. The chain's clock is set to the wall's where it is behind. */
  newBlock(): Promise<BlockRef>;
  /** A connection that knows the runtime of now; after an upgrade it is another one. */
  api(): ApiPromise;
  close(): Promise<void>;
}
