import { ApiPromise } from '@polkadot/api';
import { oneLine } from '../one-line.ts';
import type { ProviderInterface } from '../session/session.ts';
import type { ReleaseEvent } from './release-event.ts';

/** The fields that we read of a decoded value; names and shapes are those of the chain's own metadata. */
interface Field {
  toHex(): string;
  toUtf8(): string;
  readonly uri?: Field;
  readonly checksum?: Field;
}

interface DecodedEvent {
  readonly phase: { readonly type: string };
  /** `data`: the event's fields in their order. */
  readonly event: { readonly section: string; readonly method: string; readonly data: readonly (Field | undefined)[] };
}

/** Decodes the release events of a block with the metadata that was in force there. Throws an Error. */
export async function eventsOf(provider: ProviderInterface, hash: string): Promise<readonly ReleaseEvent[]> {
  const api = await ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true });
  const at = await api.at(hash);
  const records = (await at.query['system']!['events']!()) as unknown as Iterable<DecodedEvent>;
  return [...records].flatMap(releaseEvent);
}

/** Which call an extrinsic of a block is, in the chain's own words: `section.method`. Throws an Error. */
export async function callAt(provider: ProviderInterface, hash: string, index: number): Promise<string> {
  const api = await ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true });
  const { block } = await api.rpc.chain.getBlock(hash);
  const extrinsic = block.extrinsics[index];
  if (extrinsic === undefined) throw new Error('the block has no such extrinsic');
  return oneLine(`${extrinsic.method.section}.${extrinsic.method.method}`);
}

function releaseEvent({
  phase: { type: phase },
  event: { section, method, data },
}: DecodedEvent): readonly ReleaseEvent[] {
  const [first, second, third] = data;
  switch (`${section}.${method}`) {
    case 'vaultRegistry.VaultClientUpdate':
      return [{ name: 'VaultClientUpdate', phase, checksum: hex(second), uri: null, version: words(first) }];
    case 'vaultRegistry.ReleaseMigrationsUpdate':
      return [
        {
          name: 'ReleaseMigrationsUpdate',
          phase,
          version: words(first),
          arguments: optionalHex(second),
          data: optionalHex(third),
        },
      ];
    case 'clientsInfo.NotifyClientRelease':
      return [
        { name: 'NotifyClientRelease', phase, checksum: hex(first?.checksum), uri: words(first?.uri), version: null },
      ];
    case 'clientsInfo.ApplyClientRelease':
      return [
        { name: 'ApplyClientRelease', phase, checksum: hex(first?.checksum), uri: words(first?.uri), version: null },
      ];
    // every other event of the block
    default:
      return [];
  }
}

/** Never `toHuman`: it prints a checksum that looks like ASCII as text. */
const hex = (field: Field | undefined): string => present(field).toHex();
/** `None` is `0x`. */
const optionalHex = (field: Field | undefined): string | null => (hex(field) === '0x' ? null : hex(field));
const words = (field: Field | undefined): string => oneLine(present(field).toUtf8());

function present(field: Field | undefined): Field {
  if (field === undefined) throw new Error('the event has other fields than expected');
  return field;
}
