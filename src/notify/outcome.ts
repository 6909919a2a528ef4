import type { Millis } from '../core/release.ts';

/** What became of one attempt to deliver. Words never hold a secret. */
export type Outcome =
  | { readonly is: 'delivered'; readonly words: string }
  /** This message will never be taken: another attempt would be the same. */
  | { readonly is: 'refused'; readonly words: string }
  /** `isUnsure`: it may have arrived. `after`: the receiver asked for so much time. */
  | { readonly is: 'failed'; readonly words: string; readonly isUnsure: boolean; readonly after: Millis | null };

export const failed = (words: string, isUnsure: boolean, after: Millis | null = null): Outcome => ({
  is: 'failed',
  words,
  isUnsure,
  after,
});

/** Statuses by which a server says that this very message is wrong; the others may be mended by a person, or by time. */
const wrong = [400, 405, 411, 413, 414, 415, 422];

/** The longest time that a receiver may ask for. */
const longestWait: Millis = 3_600_000;

/** RFC 9110, 15. `retryAfter`: the header. A 5xx may come from a proxy whose server has taken the message. */
export function outcomeOf(status: number, retryAfter: string | null, said: string): Outcome {
  const words = said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`;
  if (status >= 200 && status < 300) return { is: 'delivered', words: `HTTP ${status}` };
  if (status >= 300 && status < 400) return failed(`HTTP ${status}: it redirects, which is not followed`, false);
  if (wrong.includes(status)) return { is: 'refused', words };
  return failed(words, status >= 500, waitOf(retryAfter));
}

const waitOf = (header: string | null): Millis | null =>
  header !== null && /^\d{1,9}$/.test(header) ? Math.min(longestWait, Number(header) * 1_000) : null;
