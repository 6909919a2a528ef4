import { blake2Concat, storageKey } from '../../src/chain/values/storage-key.ts';

const u8 = (...bytes: number[]): Buffer => Buffer.from(bytes);

/** SCALE's compact form of a length. */
export const compactOf = (n: number): Buffer =>
  n < 64
    ? u8(n << 2)
    : n < 1 << 14
      ? u8(((n << 2) | 1) & 0xff, n >> 6)
      : u8(((n << 2) | 2) & 0xff, (n >> 6) & 0xff, (n >> 14) & 0xff, n >> 22);

/** A stored release: bytes with their length, then 32 bytes, all of the same value. */
export function releaseValue(text: string | Buffer, digest: string): string {
  const bytes = Buffer.from(text);
  return `0x${Buffer.concat([compactOf(bytes.length), bytes]).toString('hex')}${digest.repeat(32)}`;
}

/** `VaultRegistry.ReleaseMigrations`: each version with the digits of its two checksums, `null` for none. */
export function migrationsValue(...list: [version: string, arguments_: string | null, data: string | null][]): string {
  const option = (digest: string | null) => (digest === null ? '00' : `01${digest.repeat(32)}`);
  const entries = list.map(([version, ofArguments, data]) => {
    const length = compactOf(Buffer.byteLength(version)).toString('hex');
    return `${length}${Buffer.from(version).toString('hex')}${option(ofArguments)}${option(data)}`;
  });
  return `0x${compactOf(list.length).toString('hex')}${entries.join('')}`;
}

export const checksumOf = (digest: string): string => `0x${digest.repeat(32)}`;

export function timeValue(at: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(at));
  return `0x${bytes.toString('hex')}`;
}

/** `System.LastRuntimeUpgrade` of a spec version. */
export const runtimeValue = (specVersion: number): string => `0x${compactOf(specVersion).toString('hex')}0c646576`;

/** The key of any name in one of the maps of `ClientsInfo`. */
export const clientsInfoKey = (map: 'Current' | 'Pending', name: string): string =>
  storageKey('ClientsInfo', `${map}ClientReleases`, blake2Concat(name));

export const keys = {
  current:
    '0x3b0e622bcfd7dda4f6da9be5ed8ae5bd1d7989998d86d759f329cbf81eb547c02ef4768826937cb4716a12400a65799d147661756c74',
  pending:
    '0x3b0e622bcfd7dda4f6da9be5ed8ae5bd542b70cc3ddabedf065e8a1db35178222ef4768826937cb4716a12400a65799d147661756c74',
  registry: storageKey('VaultRegistry', 'CurrentClientRelease'),
  registryMigrations: storageKey('VaultRegistry', 'ReleaseMigrations'),
  now: '0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb',
  runtime: '0x26aa394eea5630e07c48ae0c9558cef7f9cce9c888469bb1a0dceaa129672ef8',
  authorized: storageKey('System', 'AuthorizedUpgrade'),
  restriction: storageKey('ParachainSystem', 'UpgradeRestrictionSignal'),
  pendingCode: storageKey('ParachainSystem', 'PendingValidationCode'),
  code: '0x3a636f6465',
};

/** What an honest chain stores at a block of now. */
export const healthy = (more: Record<string, string> = {}): Record<string, string> => ({
  [keys.now]: timeValue(Date.now()),
  [keys.runtime]: runtimeValue(1_025_000),
  ...more,
});
