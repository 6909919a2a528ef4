import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Line, linesOf } from '../support/journal.ts';

/**
 * What the clients say of whom they met, each meeting once: two that live beside each other tell it every millisecond. A refusal by the client's
 * own pid-file guard is none: whoever would be found by the guard is found by the witness and the second lock, which are asked before it, and the
 * guard also believes a pid that was given to another process of the same name.
 */
export function createMeetings(places: readonly string[], witness: (place: string) => string): () => readonly string[] {
  const read = new Map<string, number>();
  const told = new Set<string>();
  const fresh = (place: string): readonly Line[] => {
    const path = join(witness(place), 'journal');
    const offset = read.get(path) ?? 0;
    const text = textFrom(path, offset);
    const whole = text.subarray(0, text.lastIndexOf(10) + 1);
    read.set(path, offset + whole.length);
    return linesOf(whole.toString('utf8'));
  };
  return () =>
    places.flatMap((place) =>
      fresh(place).flatMap(({ what, pid, detail }) => {
        const words = `${place}: client ${pid} met another: ${detail}`;
        if (what !== 'overlap' || told.has(words)) return [];
        told.add(words);
        return [words];
      }),
    );
}

function textFrom(path: string, offset: number): Buffer {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= offset) return Buffer.alloc(0);
  const [file, buffer] = [openSync(path, 'r'), Buffer.alloc(size - offset)];
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(file);
  }
}
