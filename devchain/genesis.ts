import { blake2AsU8a, xxhashAsU8a } from '@polkadot/util-crypto';

/** A raw chain spec, as far as Chopsticks reads it. */
export interface ChainSpec {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly ss58Format: number };
  readonly genesis: { readonly raw: { readonly top: Readonly<Record<string, string>> } };
}

interface GenesisOptions {
  /** The runtime: plain wasm, or Substrate's compressed form. */
  readonly code: Uint8Array;
  /** The hash by which the chain knows its block 0; signed extrinsics are bound to it. */
  readonly hash: string;
  /** Added to the state, or put in place of what is there: hex key to hex value. */
  readonly storage?: Readonly<Record<string, string>>;
}

/** Block 0 of every chain under Chopsticks, unless one is chosen. */
export const USUAL_GENESIS = `0x${'45'.repeat(32)}`;

/** Public key of the development account //Alice (sr25519), which holds sudo. */
const ALICE = Buffer.from('d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d', 'hex');
const SPEC_NAME = 'vaultvisor-dev';
const PALLETS = ['System', 'Timestamp', 'Sudo', 'VaultRegistry', 'ClientsInfo'];

/**
 * The state that the runtime's own genesis builder would make (compared key by key when it was written), made here by hand so
 * that neither a builder in the wasm nor a generated file of 180 KB is needed.
 */
export function chainSpec({ code, hash, storage = {} }: GenesisOptions): ChainSpec {
  const top = { ...system(code, Buffer.from(hash.slice(2), 'hex')), ...accounts(), ...storageVersions(), ...storage };
  return {
    id: 'vaultvisor_dev',
    name: 'Vaultvisor Dev',
    properties: { ss58Format: 42 },
    // Chopsticks walks the keys in the order they stand in
    genesis: { raw: { top: Object.fromEntries(Object.entries(top).sort(([a], [b]) => (a < b ? -1 : 1))) } },
  };
}

function system(code: Uint8Array, hash: Uint8Array): Record<string, string> {
  return {
    [hex(Buffer.from(':code'))]: hex(code),
    [hex(Buffer.from(':extrinsic_index'))]: hex(u32(0)),
    [storageKey('System', 'ParentHash')]: hex(hash),
    [storageKey('System', 'BlockHash', twox64Concat(u32(0)))]: hex(hash),
    [storageKey('System', 'UpgradedToU32RefCount')]: '0x01',
    [storageKey('System', 'UpgradedToTripleRefCount')]: '0x01',
    // without it the first block would count as an upgrade
    [storageKey('System', 'LastRuntimeUpgrade')]: hex(compact(1), text(SPEC_NAME)),
  };
}

/** Alice with a provider, which keeps an account alive where there are no balances: CheckNonce refuses one without. */
function accounts(): Record<string, string> {
  const [nonce, consumers, providers, sufficients] = [u32(0), u32(0), u32(1), u32(0)];
  return {
    [storageKey('System', 'Account', blake2Concat(ALICE))]: hex(nonce, consumers, providers, sufficients),
    [storageKey('Sudo', 'Key')]: hex(ALICE),
  };
}

function storageVersions(): Record<string, string> {
  return Object.fromEntries(PALLETS.map((pallet) => [storageKey(pallet, ':__STORAGE_VERSION__:'), '0x0000']));
}

/** The key of a storage item: twox128 of pallet and item, then the key in the map as its hasher leaves it. */
export function storageKey(pallet: string, item: string, hashed: Uint8Array = new Uint8Array()): string {
  return hex(xxhashAsU8a(pallet, 128), xxhashAsU8a(item, 128), hashed);
}

const hex = (...parts: readonly Uint8Array[]): string => `0x${Buffer.concat(parts).toString('hex')}`;
const blake2Concat = (key: Uint8Array): Uint8Array => Buffer.concat([blake2AsU8a(key, 128), key]);
const twox64Concat = (key: Uint8Array): Uint8Array => Buffer.concat([xxhashAsU8a(key, 64), key]);
const text = (value: string): Uint8Array => Buffer.concat([compact(Buffer.byteLength(value)), Buffer.from(value)]);
/** SCALE's compact form in its one-byte mode: numbers below 64. */
const compact = (value: number): Uint8Array => Buffer.from([value << 2]);

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
