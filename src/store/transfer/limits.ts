import type { Millis } from '../../core/release.ts';
import { defaultSpare } from '../files/space.ts';

/** What a server may cost us. It is never trusted: the checksum says which bytes, these say how long and how much. */
export interface Limits {
  /** From the first packet to a connection that may be used, TLS included. */
  readonly connect: Millis;
  /** From asking to the head of the answer, connecting included. */
  readonly headers: Millis;
  /** Between two pieces of the body. */
  readonly stall: Millis;
  /** Bytes a second that every `window` must reach. */
  readonly minSpeed: number;
  readonly window: Millis;
  /** For all that one URI may take, its redirects and a second try from zero included. */
  readonly deadline: Millis;
  readonly redirects: number;
  /** Bytes of the disk that a download leaves free: the clients write there too. */
  readonly spare: number;
  /** After so many bytes the disk is asked again. */
  readonly spaceEvery: number;
}

/** A window of 60 s at 1 KiB/s lets a bad line live and ends a slow drip. */
export const defaultLimits: Limits = {
  connect: 15_000,
  headers: 30_000,
  stall: 30_000,
  minSpeed: 1_024,
  window: 60_000,
  deadline: 2 * 3_600_000,
  redirects: 5,
  spare: defaultSpare,
  spaceEvery: 16 * 1024 * 1024,
};

/** A release is a binary of some 30 to 200 MB; more than this is an accident or an attack. */
export const defaultMaxBytes = 512 * 1024 * 1024;
