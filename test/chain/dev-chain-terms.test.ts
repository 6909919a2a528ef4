import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DevChain, startDevChain } from '../../devchain/dev-chain.ts';
import type { ReleaseEvent } from '../../src/chain/events/release-event.ts';
import type { ChainSource } from '../../src/chain/source.ts';
import { until, vault, type Watcher, watcher } from '../support/chain-watcher.ts';
import { checksumOf } from '../support/release-values.ts';

const at = 'https://example.org';
const sources = new Map<string, ChainSource>([
  ['registered', { source: 'vault-registry', url: `${at}/{version}/vault`, migrations: `${at}/{version}/{kind}` }],
  ...vault,
]);
const digits = (digest: string) => digest.repeat(32);
const nothing = { migrations: [], missing: [], specVersions: [], urgent: false, dataCompatible: false };

let chain: DevChain;
let seen: Watcher;
const decoded: ReleaseEvent[] = [];

beforeAll(async () => {
  chain = await startDevChain();
});
beforeEach(async () => {
  seen = watcher({
    endpoints: [chain.endpoint],
    sources,
    tuning: { calm: 0 },
    decoded: (client, events) => void (client === 'registered' && decoded.push(...events)),
  });
  await until(() => seen.announced.length === 2);
});
afterEach(() => seen.feed.stop());
afterAll(() => chain.stop());

describe('VaultRegistry of a real runtime', () => {
  const migration = (to: string, kind: 'arguments' | 'data', digest: string) => ({
    kind,
    checksum: checksumOf(digest),
    uri: `${at}/${to}/${kind}`,
    to,
  });
  const told = () => seen.announced.filter(({ client }) => client === 'registered').length;

  it('names what leads to a release that skips two versions, in their order, and nothing before the release', async () => {
    await chain.setReleaseMigrations('1.3.0', { data: digits('d3') });
    await chain.setReleaseMigrations('1.1.0', { arguments: digits('a1') });
    await chain.setReleaseMigrations('1.2.0', { arguments: digits('a2'), data: digits('d2') });
    await chain.publishVaultRelease('1.0.0', digits('10'));
    await until(() => seen.latest('registered')?.current?.version === '1.0.0');
    const { number, hash } = await chain.publishVaultRelease('1.3.0', digits('13'));
    await until(() => seen.latest('registered')?.current?.version === '1.3.0');
    expect(seen.latest('registered')).toMatchObject({
      current: {
        checksum: checksumOf('13'),
        uri: `${at}/1.3.0/vault`,
        terms: {
          ...nothing,
          migrations: [
            migration('1.1.0', 'arguments', 'a1'),
            migration('1.2.0', 'arguments', 'a2'),
            migration('1.2.0', 'data', 'd2'),
            migration('1.3.0', 'data', 'd3'),
          ],
        },
      },
      block: { number, hash },
    });
    // without a release the list alone is no news
    expect(told()).toBe(3);
  });

  it('a migration that is replaced or taken back is news, with its event for the history', async () => {
    const before = told();
    decoded.splice(0);
    await chain.setReleaseMigrations('1.2.0', { data: digits('dd') });
    await until(() => told() === before + 1);
    expect(seen.latest('registered')?.current?.terms?.migrations).toEqual([
      migration('1.1.0', 'arguments', 'a1'),
      migration('1.2.0', 'data', 'dd'),
      migration('1.3.0', 'data', 'd3'),
    ]);
    await until(() => decoded.length > 0);
    expect(decoded).toEqual([
      {
        name: 'ReleaseMigrationsUpdate',
        phase: 'ApplyExtrinsic',
        version: '1.2.0',
        arguments: null,
        data: checksumOf('dd'),
      },
    ]);
    await chain.setReleaseMigrations('1.2.0', {});
    await until(() => told() === before + 2);
    expect(seen.latest('registered')?.current?.terms?.migrations).toHaveLength(2);
    // what is prepared for the next release is told of the present one too: the rules know what lies ahead of it
    await chain.setReleaseMigrations('1.4.0', { data: digits('d4') });
    await until(() => told() === before + 3);
    expect(seen.latest('registered')?.current).toMatchObject({
      checksum: checksumOf('13'),
      terms: { migrations: [{ to: '1.1.0' }, { to: '1.3.0' }, { to: '1.4.0' }] },
    });
  });
});

describe('ClientsInfo of a real runtime', () => {
  const data = (digest: string) => ({ kind: 'data', checksum: checksumOf(digest), uri: `${at}/data`, to: null });

  it('a release waits for the migration that it needs, and another release’s is not it', async () => {
    await chain.setCurrentRelease('vault/migrate-data', `${at}/data#for=${checksumOf('c0')}`, digits('d0'));
    await chain.setCurrentRelease('vault', `${at}/v1#needs=migrate-data&version=1.1.0&specs=1-2`, digits('c1'));
    await until(() => seen.latest()?.current?.checksum === checksumOf('c1'));
    const current = { checksum: checksumOf('c1'), uri: `${at}/v1`, version: '1.1.0' };
    const terms = { ...nothing, specVersions: [[1, 2]] };
    expect(seen.latest()?.current).toEqual({ ...current, terms: { ...terms, missing: ['data'] } });
    await chain.newBlock();
    const { number } = await chain.setCurrentRelease(
      'vault/migrate-data',
      `${at}/data#for=${checksumOf('c1')}`,
      digits('d1'),
    );
    await until(() => seen.latest()?.current?.terms?.missing.length === 0);
    expect(seen.latest()).toMatchObject({
      current: { ...current, terms: { ...terms, migrations: [data('d1')] } },
      block: { number },
    });
  });

  it('a pending release and its migration become current in one block, and are told in one breath', async () => {
    const before = seen.latest()?.current;
    await chain.setPendingRelease('vault', `${at}/v2#needs=migrate-data&data=compatible`, digits('c2'));
    await until(() => seen.latest()?.pending != null);
    expect(seen.latest()?.pending?.terms).toEqual({ ...nothing, missing: ['data'], dataCompatible: true });
    await chain.setPendingRelease('vault/migrate-data', `${at}/data#for=${checksumOf('c2')}`, digits('d2'));
    await until(() => seen.latest()?.pending?.terms?.missing.length === 0);
    const terms = { ...nothing, migrations: [data('d2')], dataCompatible: true };
    const next = { checksum: checksumOf('c2'), uri: `${at}/v2`, version: null, terms };
    // the current release keeps its own migration meanwhile
    expect(seen.latest()).toMatchObject({ current: before, pending: next });
    const told = seen.announced.length;
    const { number } = await chain.upgradeRuntime();
    await until(() => seen.latest()?.specVersion === 2);
    expect(seen.latest()).toMatchObject({ current: next, pending: null, block: { number } });
    // the other client hears of the runtime too
    expect(seen.announced.length).toBe(told + 2);
  });
});
