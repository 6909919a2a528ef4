import { readFile } from 'node:fs/promises';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import type { ApiOptions } from '@polkadot/api/types';
import { blake2AsHex } from '@polkadot/util-crypto';
import { type BlockRef, newBlock } from './block.ts';
import { extrinsic, submit } from './submit.ts';

/** What the holder of sudo, Alice, can do to a dev chain. Every act resolves when its block is there; acts run one by one. */
export interface Governor {
  /** `VaultRegistry.set_vault_release`. `checksum`: SHA-256, 64 hex digits with or without `0x`. */
  publishVaultRelease(version: string, checksum: string): Promise<BlockRef>;
  /** `VaultRegistry.set_release_migrations`: what leads to a version. Of a kind that is not named there is none; of neither, no entry. */
  setReleaseMigrations(version: string, migrations: ReleaseMigrations): Promise<BlockRef>;
  /** `ClientsInfo.set_current_client_release`: in force with its block. */
  setCurrentRelease(client: string, uri: string, checksum: string): Promise<BlockRef>;
  /** `ClientsInfo.set_pending_client_release`: becomes current with the next runtime upgrade. */
  setPendingRelease(client: string, uri: string, checksum: string): Promise<BlockRef>;
  /** `System.authorize_upgrade` of the next runtime's hash: how real chains announce an upgrade. Changes no code. */
  authorizeUpgrade(): Promise<BlockRef>;
  /** Puts the next runtime in force. Resolves with the first block it built, in which what was pending became current. */
  upgradeRuntime(): Promise<BlockRef>;
  /** Builds a block with what waits in the pool, often nothing. */
  newBlock(): Promise<BlockRef>;
  /** A connection that knows the runtime of now; after an upgrade it is a new one. */
  api(): ApiPromise;
  close(): Promise<void>;
}

/** SHA-256 of each, 64 hex digits with or without `0x`. */
export interface ReleaseMigrations {
  readonly arguments?: string | undefined;
  readonly data?: string | undefined;
}

/** The spec version that a dev chain can be upgraded to, and its runtime. */
const NEXT = { specVersion: 2, blob: new URL('built/v2.compressed.wasm', import.meta.url) };

/** `blocks`: how the chain at this endpoint builds them (see `ServerOptions`). Throws when nobody listens there. */
export async function connectGovernor(endpoint: string, blocks: 'instant' | 'manual' = 'instant'): Promise<Governor> {
  let connection = await connect(endpoint);
  const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
  const inTurn = queue();

  const build = () => newBlock(connection.send);
  const govern = (pallet: string, name: string, ...args: unknown[]) => {
    const act = extrinsic(connection.api, 'sudo', 'sudo', extrinsic(connection.api, pallet, name, ...args));
    return submit(connection.api, act, alice, blocks === 'manual' ? build : undefined);
  };
  const upgrade = async (): Promise<BlockRef> => {
    const code = await nextRuntime(connection.api);
    const { number } = await govern('system', 'setCode', hex(code));
    await build();
    connection = await renewed(connection, endpoint);
    // asked for by number: beside a clock that builds blocks too, ours need not be the first
    return { number: number + 1, hash: (await connection.send('chain_getBlockHash', [number + 1])) as string };
  };

  return {
    publishVaultRelease: (version, checksum) =>
      inTurn(() => govern('vaultRegistry', 'setVaultRelease', text(version), digest(checksum))),
    setReleaseMigrations: (version, { arguments: ofArguments, data }) =>
      inTurn(() =>
        govern(
          'vaultRegistry',
          'setReleaseMigrations',
          text(version),
          optionalDigest(ofArguments),
          optionalDigest(data),
        ),
      ),
    setCurrentRelease: (client, uri, checksum) =>
      inTurn(() => govern('clientsInfo', 'setCurrentClientRelease', text(client), release(uri, checksum))),
    setPendingRelease: (client, uri, checksum) =>
      inTurn(() => govern('clientsInfo', 'setPendingClientRelease', text(client), release(uri, checksum))),
    authorizeUpgrade: () =>
      inTurn(async () => govern('system', 'authorizeUpgrade', blake2AsHex(await nextRuntime(connection.api)))),
    upgradeRuntime: () => inTurn(upgrade),
    newBlock: () => inTurn(build),
    api: () => connection.api,
    close: () => connection.api.disconnect(),
  };
}

interface Connection {
  readonly api: ApiPromise;
  send(method: string, params: unknown[]): Promise<unknown>;
}

async function connect(endpoint: string): Promise<Connection> {
  // it does not reconnect by itself: a dev chain that went away does not come back
  const provider = new WsProvider(endpoint, false);
  await provider.connect();
  // the cast: the package is not written for exactOptionalPropertyTypes
  const options = { provider: provider as NonNullable<ApiOptions['provider']>, noInitWarn: true, throwOnConnect: true };
  const api = await ApiPromise.create(options);
  // It does not follow an upgrade by itself, but is replaced: one that lived through an upgrade may fail to decode older blocks,
  // and one that is closed while it asks for the new metadata throws where nobody can catch.
  api['_unsubscribeUpdates']();
  return { api, send: (method, params) => provider.send(method, params) };
}

async function renewed(old: Connection, endpoint: string): Promise<Connection> {
  const connection = await connect(endpoint);
  await old.api.disconnect();
  return connection;
}

async function nextRuntime(api: ApiPromise): Promise<Uint8Array> {
  const { specName, specVersion } = api.runtimeVersion;
  if (specVersion.toNumber() < NEXT.specVersion) return readFile(NEXT.blob);
  throw new Error(`${specName} is at spec version ${specVersion} already; to upgrade again start another dev chain`);
}

/** One after the other, in the order they were asked for: two extrinsics at once would be given the same nonce. */
function queue(): <T>(act: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const turn = last.then(act, act);
    last = turn;
    return turn;
  };
}

const release = (uri: string, checksum: string) => ({ uri: text(uri), checksum: digest(checksum) });

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

/** As hex: text that begins with 0x would be taken for bytes. */
const text = (value: string): string => hex(Buffer.from(value));

function digest(checksum: string): string {
  const digits = checksum.replace(/^0x/, '');
  if (!/^[0-9a-f]{64}$/i.test(digits)) throw new Error(`not a SHA-256 checksum (64 hex digits): ${checksum}`);
  return `0x${digits}`;
}

const optionalDigest = (checksum: string | undefined): string | null =>
  checksum === undefined ? null : digest(checksum);
