import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Answer } from './ask.ts';
import { RangeRefusal } from './refusal.ts';

/** Of which answer the partial bytes are. Kept beside them; without it, or if it is damaged, they may be of any. */
export interface Origin {
  readonly uri: string;
  /** A strong ETag, else Last-Modified: what `If-Range` may carry (RFC 9110, 13.1.5). */
  readonly validator: string | null;
}

export function originOf(uri: string, answer: Answer): Origin {
  const etag = answer.header('etag');
  const strong = etag?.startsWith('"') ? etag : null;
  return { uri, validator: strong ?? answer.header('last-modified') };
}

/** No fsync: the hash decides about the bytes, this only saves a transfer that must fail. */
export async function remember(partial: string, origin: Origin): Promise<void> {
  await writeFile(recordOf(partial), JSON.stringify(origin), { mode: 0o600 });
}

export async function recall(partial: string): Promise<Origin | null> {
  try {
    const { uri, validator }: Partial<Record<string, unknown>> = JSON.parse(await readFile(recordOf(partial), 'utf8'));
    if (typeof uri !== 'string') return null;
    return { uri, validator: typeof validator === 'string' ? validator : null };
  } catch {
    return null;
  }
}

export const forget = (partial: string): Promise<void> => rm(recordOf(partial), { force: true });

/**
 * Asks for what is missing. From the server that sent the first part, only if the file is still the same one;
 * from another (a mirror holds the same bytes under another ETag), as it is: the hash decides.
 */
export function rangeHeaders(uri: string, length: number, origin: Origin | null): Record<string, string> {
  if (length === 0) return {};
  const validator = origin?.uri === uri ? origin.validator : null;
  return { range: `bytes=${length}-`, ...(validator !== null && { 'if-range': validator }) };
}

/** How many bytes the whole has (`null`: not said), if this 206 goes on exactly where we stopped. @throws RangeRefusal */
export function totalOfRange(answer: Answer, length: number): number | null {
  const text = answer.header('content-range') ?? '';
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(text) ?? [];
  const isNext = Number(first) === length && Number(last) >= length;
  const isRest = total === '*' || Number(last) + 1 === Number(total);
  if (!isNext || !isRest)
    throw new RangeRefusal(`it answered with another part than the one asked for (${text || 'no Content-Range'})`);
  return total === '*' ? null : Number(total);
}

const recordOf = (partial: string): string => `${partial}.json`;
