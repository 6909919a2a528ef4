/** The word that was probably meant: at most two slips away, and fewer than it has letters; `null` where none is. */
export function nearest(word: string, words: readonly string[]): string | null {
  const close = words.map((known) => ({ known, slips: slipsBetween(word.toLowerCase(), known.toLowerCase()) }));
  const best = close.sort((a, b) => a.slips - b.slips)[0];
  return best !== undefined && best.slips <= Math.min(2, best.known.length - 1) ? best.known : null;
}

/** Levenshtein's distance. */
function slipsBetween(a: string, b: string): number {
  const first = Array.from({ length: b.length + 1 }, (_, index) => index);
  const last = [...a].reduce((row, letter, index) => nextRow(row, letter, b, index + 1), first);
  return last[b.length] ?? 0;
}

function nextRow(row: readonly number[], letter: string, b: string, first: number): number[] {
  return [...b].reduce(
    (next, other, index) => {
      const kept = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(kept, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
      return next;
    },
    [first],
  );
}
