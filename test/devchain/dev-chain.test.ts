import { Keyring } from '@polkadot/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevChain, startDevChain } from '../../devchain/dev-chain.ts';
import { storageKey } from '../../devchain/genesis.ts';
import { extrinsic, submit } from '../../devchain/submit.ts';
import { eventsAt, rawStorage } from './reading.ts';

const ONE = `0x${'11'.repeat(32)}`;
const TWO = `0x${'22'.repeat(32)}`;
const URI = 'https://example.org/releases/download/v1.0.0/vault-standalone-metadata';
// the live networks' keys of `vault`, as computed for Pendulum's runtime
const CURRENT_VAULT =
  '0x3b0e622bcfd7dda4f6da9be5ed8ae5bd1d7989998d86d759f329cbf81eb547c02ef4768826937cb4716a12400a65799d147661756c74';
const PENDING_VAULT =
  '0x3b0e622bcfd7dda4f6da9be5ed8ae5bd542b70cc3ddabedf065e8a1db35178222ef4768826937cb4716a12400a65799d147661756c74';
const CLIENT_RELEASE = storageKey('VaultRegistry', 'CurrentClientRelease');
const MIGRATIONS = storageKey('VaultRegistry', 'ReleaseMigrations');

/** A `ClientRelease` of ClientsInfo: compact length in the two-byte mode, uri, checksum. */
const encoded = (uri: string, checksum: string) => {
  const length = Buffer.alloc(2);
  length.writeUInt16LE((uri.length << 2) | 1);
  return `0x${length.toString('hex')}${Buffer.from(uri).toString('hex')}${checksum.slice(2)}`;
};

let chain: DevChain;
let alice: ReturnType<Keyring['addFromUri']>;
beforeAll(async () => {
  chain = await startDevChain();
  alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
});
afterAll(() => chain.stop());

describe('a release of VaultRegistry', () => {
  it('is in storage and told by an event in the block that is returned', async () => {
    const block = await chain.publishVaultRelease('1.2.3', ONE);
    const version = `14${Buffer.from('1.2.3').toString('hex')}`;
    expect(await rawStorage(chain, CLIENT_RELEASE, block.hash)).toBe(`0x${version}${ONE.slice(2)}`);
    expect(await eventsAt(chain, block.hash)).toContainEqual({
      name: 'vaultRegistry.VaultClientUpdate',
      data: `0x${version}${ONE.slice(2)}`,
      phase: 'ApplyExtrinsic',
    });
    expect((await chain.api().rpc.chain.getHeader(block.hash)).number.toNumber()).toBe(block.number);
  });

  it('is refused without sudo, and nothing changes', async () => {
    const before = await rawStorage(chain, CLIENT_RELEASE);
    const call = extrinsic(chain.api(), 'vaultRegistry', 'setVaultRelease', '6.6.6', TWO);
    await expect(submit(chain.api(), call, alice)).rejects.toThrow('vaultRegistry.setVaultRelease failed: BadOrigin');
    expect(await rawStorage(chain, CLIENT_RELEASE)).toBe(before);
  });

  it('is refused from an account that does not exist, and no block is built', async () => {
    const head = await chain.api().rpc.chain.getHeader();
    const bob = new Keyring({ type: 'sr25519' }).addFromUri('//Bob');
    const call = extrinsic(chain.api(), 'vaultRegistry', 'setVaultRelease', '6.6.6', TWO);
    await expect(submit(chain.api(), call, bob)).rejects.toThrow(/1010/);
    expect((await chain.api().rpc.chain.getHeader()).hash.toHex()).toBe(head.hash.toHex());
  });

  it('with a checksum that is none is not sent at all', async () => {
    await expect(chain.publishVaultRelease('1.2.4', '0x1234')).rejects.toThrow('not a SHA-256 checksum');
  });
});

describe('the migrations of VaultRegistry', () => {
  const text = (version: string) => `14${Buffer.from(version).toString('hex')}`;
  const some = (checksum: string) => `01${checksum.slice(2)}`;

  it('are one list, in the order in which versions were first named, and told by an event', async () => {
    expect(await rawStorage(chain, MIGRATIONS)).toBeNull();
    const first = await chain.setReleaseMigrations('1.3.0', { arguments: ONE, data: TWO });
    expect(await rawStorage(chain, MIGRATIONS, first.hash)).toBe(`0x04${text('1.3.0')}${some(ONE)}${some(TWO)}`);
    expect(await eventsAt(chain, first.hash)).toContainEqual({
      name: 'vaultRegistry.ReleaseMigrationsUpdate',
      data: `0x${text('1.3.0')}${some(ONE)}${some(TWO)}`,
      phase: 'ApplyExtrinsic',
    });
    const second = await chain.setReleaseMigrations('1.1.0', { data: ONE });
    expect(await rawStorage(chain, MIGRATIONS, second.hash)).toBe(
      `0x08${text('1.3.0')}${some(ONE)}${some(TWO)}${text('1.1.0')}00${some(ONE)}`,
    );
  });

  it('of a version replace its former ones, and with none it is gone', async () => {
    const replaced = await chain.setReleaseMigrations('1.3.0', { data: ONE });
    expect(await rawStorage(chain, MIGRATIONS, replaced.hash)).toBe(
      `0x08${text('1.3.0')}00${some(ONE)}${text('1.1.0')}00${some(ONE)}`,
    );
    const removed = await chain.setReleaseMigrations('1.3.0', {});
    expect(await rawStorage(chain, MIGRATIONS, removed.hash)).toBe(`0x04${text('1.1.0')}00${some(ONE)}`);
    const nothing = await chain.setReleaseMigrations('9.9.9', {});
    expect(await rawStorage(chain, MIGRATIONS, nothing.hash)).toBe(`0x04${text('1.1.0')}00${some(ONE)}`);
  });

  it('are refused without sudo, and nothing changes', async () => {
    const before = await rawStorage(chain, MIGRATIONS);
    const call = extrinsic(chain.api(), 'vaultRegistry', 'setReleaseMigrations', '6.6.6', TWO, null);
    await expect(submit(chain.api(), call, alice)).rejects.toThrow('BadOrigin');
    expect(await rawStorage(chain, MIGRATIONS)).toBe(before);
  });

  it('are those of 64 versions, and one more is refused in words', async () => {
    const entries = Array.from({ length: 64 }, (_, n) => `${text(`${n + 100}.0`)}00${some(ONE)}`);
    const full = `0x0101${entries.join('')}`;
    const crowded = await startDevChain({ storage: { [MIGRATIONS]: full } });
    try {
      await expect(crowded.setReleaseMigrations('2.0.0', { data: ONE })).rejects.toThrow(
        'sudo.sudo failed: vaultRegistry.TooManyMigrations',
      );
      expect(await rawStorage(crowded, MIGRATIONS)).toBe(full);
    } finally {
      await crowded.stop();
    }
  });
});

it('throws what failed inside of sudo, in words', async () => {
  const api = chain.api();
  const call = extrinsic(api, 'sudo', 'sudo', extrinsic(api, 'system', 'setCode', '0x00'));
  await expect(submit(chain.api(), call, alice)).rejects.toThrow(
    'sudo.sudo failed: system.FailedToExtractRuntimeVersion',
  );
});

it('runs acts one by one, in the order they were asked for, however many are asked for at once', async () => {
  const versions = ['2.0.0', '2.0.1', '2.0.2'];
  const blocks = await Promise.all(versions.map((version) => chain.publishVaultRelease(version, ONE)));
  const first = blocks[0]!.number;
  expect(blocks.map((block) => block.number)).toEqual([first, first + 1, first + 2]);
  expect(await rawStorage(chain, CLIENT_RELEASE)).toContain(Buffer.from('2.0.2').toString('hex'));
});

describe('releases of ClientsInfo', () => {
  it('lie under the keys and in the bytes of the live networks', async () => {
    const current = await chain.setCurrentRelease('vault', URI, ONE);
    expect(await rawStorage(chain, CURRENT_VAULT, current.hash)).toBe(encoded(URI, ONE));
    expect(await rawStorage(chain, PENDING_VAULT, current.hash)).toBeNull();
    const pending = await chain.setPendingRelease('vault', `${URI}-next`, TWO);
    expect(await rawStorage(chain, PENDING_VAULT, pending.hash)).toBe(encoded(`${URI}-next`, TWO));
    expect(await rawStorage(chain, CURRENT_VAULT, pending.hash)).toBe(encoded(URI, ONE));
  });

  it('are told by events that do not name the client', async () => {
    const current = await chain.setCurrentRelease('oracle', URI, ONE);
    const pending = await chain.setPendingRelease('oracle', URI, ONE);
    const told = { data: encoded(URI, ONE), phase: 'ApplyExtrinsic' };
    expect(await eventsAt(chain, current.hash)).toContainEqual({ name: 'clientsInfo.ApplyClientRelease', ...told });
    expect(await eventsAt(chain, pending.hash)).toContainEqual({ name: 'clientsInfo.NotifyClientRelease', ...told });
  });

  it('takes text that looks like hex for text', async () => {
    const block = await chain.setCurrentRelease('0x00', URI, ONE);
    const releases = await chain.api().query['clientsInfo']!['currentClientReleases']!.keys();
    expect(releases.map((key) => Buffer.from(key.toU8a().slice(-4)).toString())).toContain('0x00');
    expect(block.number).toBeGreaterThan(0);
  });
});

describe('a runtime upgrade', () => {
  it('is announced by storage alone', async () => {
    const key = storageKey('System', 'AuthorizedUpgrade');
    expect(await rawStorage(chain, key)).toBeNull();
    const { hash } = await chain.authorizeUpgrade();
    const authorised = await rawStorage(chain, key, hash);
    expect(authorised).toMatch(/^0x[0-9a-f]{64}01$/);
    expect(chain.api().query['system']!['authorizedUpgrade']).toBeDefined();
    expect((await chain.api().rpc.state.getRuntimeVersion(hash)).specVersion.toNumber()).toBe(1);
  });

  it('moves what is pending to current in the first block of the new runtime, and everything goes on', async () => {
    const before = chain.api();
    const block = await chain.upgradeRuntime();
    const parent = (await chain.api().rpc.chain.getHeader(block.hash)).parentHash.toHex();

    expect(await rawStorage(chain, PENDING_VAULT, parent)).toBe(encoded(`${URI}-next`, TWO));
    expect(await rawStorage(chain, CURRENT_VAULT, parent)).toBe(encoded(URI, ONE));
    expect(await rawStorage(chain, PENDING_VAULT, block.hash)).toBeNull();
    expect(await rawStorage(chain, CURRENT_VAULT, block.hash)).toBe(encoded(`${URI}-next`, TWO));
    expect(await eventsAt(chain, block.hash)).toContainEqual({
      name: 'clientsInfo.ApplyClientRelease',
      data: encoded(`${URI}-next`, TWO),
      phase: 'Initialization',
    });
    // compact 2, then the spec name
    expect(await rawStorage(chain, storageKey('System', 'LastRuntimeUpgrade'), block.hash)).toMatch(/^0x08/);

    expect(chain.api()).not.toBe(before);
    expect(before.isConnected).toBe(false);
    expect(chain.api().runtimeVersion.specVersion.toNumber()).toBe(2);
    const next = await chain.publishVaultRelease('3.0.0', TWO);
    expect(next.number).toBe(block.number + 1);
    await expect(chain.upgradeRuntime()).rejects.toThrow('spec version 2 already');
  });
});
