import { constants } from 'node:os';
import type { Ended } from './exit-cause.ts';

/** What a client ended with, where its parent passed that on in its own status: a shell, tini and others say 128 + n for signal n. */
export function passedOn({ code, signal }: Ended): Ended {
  const name = code === null ? undefined : nameOf(code - 128);
  return name === undefined ? { code, signal } : { code: null, signal: name };
}

const nameOf = (signal: number): string | undefined =>
  Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
