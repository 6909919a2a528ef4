import type { Backoff } from '../core/backoff.ts';
import type { Millis } from '../core/release.ts';

/** The patience of a network's connection; every figure has a default that suits public nodes. */
export interface Tuning {
  /** From the first packet to the end of the WebSocket handshake. */
  readonly handshake: Millis;
  /** For the answer to one request; without it the session is over. */
  readonly request: Millis;
  /** Between two pings, and how long anything at all may take to come back. */
  readonly ping: Millis;
  readonly pong: Millis;
  /** Without a higher finalised block for so long, the next endpoint is asked. */
  readonly stall: Millis;
  /** How far `Timestamp.Now` of a finalised block may lie behind and ahead of our clock before that is an alarm. */
  readonly maxAge: Millis;
  readonly maxAhead: Millis;
  /** Blocks by which another endpoint's first head may lie below what was read before without being told: nodes finalise at their own pace. */
  readonly slack: number;
  readonly backoff: Backoff;
  /** Bytes of one frame. The largest answer that we ask for is a runtime's metadata, 0.3 to 1.5 MB in binary, twice that in hex. */
  readonly maxFrame: number;
  /** Before a block's events are decoded: it takes a processor for a second, which the switch to what the block names needs more. */
  readonly calm: Millis;
  /** For decoding a block's events, which only the history waits for. */
  readonly decode: Millis;
}

export const usualTuning: Tuning = {
  handshake: 10_000,
  request: 20_000,
  ping: 20_000,
  pong: 10_000,
  stall: 120_000,
  maxAge: 600_000,
  maxAhead: 300_000,
  slack: 10,
  backoff: { after: 1_000, max: 30_000 },
  maxFrame: 16 * 1024 * 1024,
  calm: 5_000,
  decode: 60_000,
};
