import { sentenceOf } from '../errors.ts';
import type { Home } from '../layout.ts';
import type { Log } from '../log.ts';
import { type GenesisRecord, loadGenesis, saveGenesis } from '../store/genesis-record.ts';

/** What is known of a network's chain before it is followed. */
export interface ChainIdentity {
  /** Which chain is to be believed; `null`: whichever is met first. */
  readonly genesis: string | null;
  /** The highest block that was acted on there; `null`: none, or it was another chain's. */
  readonly floor: number | null;
  remember(hash: string): Promise<void>;
  /** The chain was proved, and something of it was told: it is this one from now on. */
  met(): void;
}

/**
 * Blocks of a former chain say nothing of the present one: when the operator writes another genesis for a network that was reset, its blocks begin
 * anew. A genesis that no endpoint has (a mistyped one) is never kept, so the floor outlives its correction.
 */
export async function chainIdentity(
  home: Home,
  {
    name,
    genesis: pinned,
    floor,
  }: { readonly name: string; readonly genesis: string | null; readonly floor: number | null },
  log: Log,
): Promise<ChainIdentity> {
  const path = home.genesis(name);
  let kept: GenesisRecord | null = await loadGenesis(path);
  const isAnother = pinned !== null && kept !== null && kept.hash !== pinned;
  const former = isAnother ? floor : (kept?.former ?? null);
  const keep = async (hash: string): Promise<void> => {
    await saveGenesis(path, { hash, former });
    kept = { hash, former };
  };
  return {
    genesis: pinned ?? kept?.hash ?? null,
    floor: isAnother || (former !== null && floor !== null && floor <= former) ? null : floor,
    remember: keep,
    met() {
      if (pinned === null || kept?.hash === pinned) return;
      kept = { hash: pinned, former };
      keep(pinned).catch((error: unknown) => {
        kept = null;
        log.warn({ reason: sentenceOf(error) }, 'which chain this is could not be kept; it is tried again');
      });
    },
  };
}
