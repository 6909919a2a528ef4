import type { NetworkFeed } from '../../chain/network.ts';
import type { Sighting } from '../../chain/source.ts';
import type { Millis } from '../../core/release.ts';
import { beginVigil, endOf, isQuiet, type Sight, seen, type Vigil } from '../../core/vigil.ts';

/** Between which two sights the account's nonce rose. */
export type Rose = NonNullable<Vigil['rose']>;

/** Looks at an account from the moment when no child of ours is there any more. */
export interface Lookout {
  /** A finalised block was read. `pace` and the newest block are asked of the chain at the first. Throws as they do; the next block is another try. */
  look(sighting: Sighting): Promise<void>;
  /** Until which block a watch of this length goes; `null`: not known yet. */
  until(watch: Millis): number | null;
  isQuiet(watch: Millis): boolean;
  rose(): Rose | null;
  /** Whether the chain knew the account when it was last seen. */
  exists(): boolean;
}

/** From now on: our child has left. */
export function createLookout(ask: () => NetworkFeed['ask']): Lookout {
  const leftAt = performance.now();
  let vigil: Vigil | null = null;
  let pace: Millis = 0;
  let exists = true;
  const blocks = (watch: Millis): number => Math.ceil(watch / pace);

  async function begin({ block }: Sighting): Promise<Vigil> {
    const [newest, interval] = await Promise.all([ask().newest(), ask().pace(block.number)]);
    pace = interval;
    return beginVigil(newest);
  }

  return {
    async look(sighting) {
      exists = sighting.exists;
      vigil ??= await begin(sighting);
      // by the wall clock of now, which may have been set since: the chain's own clock is one too
      vigil = seen(vigil, sightOf(sighting), Date.now() - (performance.now() - leftAt));
    },
    until: (watch) => vigil && endOf(vigil, blocks(watch)),
    isQuiet: (watch) => vigil !== null && isQuiet(vigil, blocks(watch)),
    rose: () => vigil?.rose ?? null,
    exists: () => exists,
  };
}

const sightOf = ({ block: { number, at }, nonce }: Sighting): Sight => ({ number, nonce, at });
