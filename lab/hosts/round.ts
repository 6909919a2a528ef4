import type { Built } from '../support/client/client.ts';
import { fresh, unless, wrongEnd } from './right-end.ts';
import type { Stage } from './stage.ts';

/** Waits until a client that was started after the first `seen` lines serves this release. */
export async function againIn(stage: Stage, served: Built, seen: number): Promise<void> {
  await stage.until('it serves again', ({ child, verdict }) => {
    const isBegun = stage
      .journal()
      .slice(seen)
      .some(({ what }) => what === 'serve');
    return isBegun && child?.checksum === served.checksum && verdict === 'healthy';
  });
}

/** A round in which an act ends the client too: it serves again, and no two met. `asked`: it had a last word. */
export const round =
  <Of extends { readonly stage: Stage }>(asked: boolean, act: (of: Of) => Promise<unknown>) =>
  async (of: Of): Promise<readonly string[]> => {
    const { stage } = of;
    const served = await fresh(stage);
    const seen = stage.journal().length;
    await act(of);
    await againIn(stage, served, seen);
    const lines = stage.journal().slice(seen);
    const left = lines.some(({ what }) => what === 'stop');
    return [...unless(!asked || left, 'the client was not asked to leave'), ...(await wrongEnd(stage, lines, served))];
  };
