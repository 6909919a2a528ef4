import { parseDuration } from '../../config/duration.ts';
import type { InstanceStatus } from '../../core/instance-status.ts';
import { parseChecksum } from '../../core/release.ts';
import type { Act } from '../../daemon/control/acts.ts';
import { VisorError } from '../../errors.ts';
import { releaseWords, short } from '../../observe/words/pieces.ts';
import { momentWords } from '../../observe/words/time.ts';
import type { Context } from '../context.ts';
import { ordered } from '../order.ts';
import { nameOf } from '../pick.ts';

type Words = string[];

/** A hold that somebody forgot must not keep a required release out for ever (docs/commands.md). */
const USUAL_HOLD = '24h';

export async function hold([place]: Words, options: { for?: string }, context: Context): Promise<number> {
  const span = durationOf(options.for ?? USUAL_HOLD);
  return told(place, { act: 'hold', for: span }, context, ({ held }) => {
    const until = held?.until == null ? 'until unhold' : `until ${momentWords(held.until, Date.now())}`;
    return `is held ${until}: no switches; its child runs on`;
  });
}

export async function unhold([place]: Words, _options: object, context: Context): Promise<number> {
  return told(place, { act: 'unhold' }, context, () => 'is no longer held');
}

export async function rollback([place]: Words, _options: object, context: Context): Promise<number> {
  return told(place, { act: 'rollback' }, context, ({ current }) =>
    current === null ? 'goes back' : `goes back to ${releaseWords(current)}`,
  );
}

export async function unpin([place]: Words, _options: object, context: Context): Promise<number> {
  return told(place, { act: 'unpin' }, context, () => 'follows its source again');
}

export async function retry(words: Words, _options: object, context: Context): Promise<number> {
  const { place, checksum } = placeAndChecksum(words);
  return told(place, { act: 'retry', checksum }, context, () =>
    checksum === null ? 'lets in again what was quarantined' : `lets in ${short(checksum)} again`,
  );
}

export async function approve(words: Words, { withdraw }: { withdraw: boolean }, context: Context): Promise<number> {
  const { place, checksum } = withChecksum('approve', words);
  return told(place, { act: 'approve', checksum, withdraw }, context, () =>
    withdraw ? `no longer has the approval of ${short(checksum)}` : `has the approval of ${short(checksum)}`,
  );
}

interface PinOptions {
  readonly uri?: string;
  readonly forever: boolean;
}

export async function pin(words: Words, { uri, forever }: PinOptions, context: Context): Promise<number> {
  const { place, checksum } = withChecksum('pin', words);
  return told(place, { act: 'pin', checksum, uri: uri ?? null, forever }, context, () => {
    const end = forever ? 'until unpin' : 'until its source names another release';
    return `is pinned to ${short(checksum)} ${end}`;
  });
}

/** Asks for the act, and tells the person what is so now. */
async function told(
  place: string | undefined,
  act: Act,
  context: Context,
  words: (instance: InstanceStatus) => string,
): Promise<number> {
  const { instance } = await ordered(place, act, context);
  context.say(`${nameOf(instance)} ${words(instance)}.`);
  return 0;
}

function placeAndChecksum(words: Words): { place: string | undefined; checksum: string | null } {
  const last = words.at(-1);
  const checksum = last === undefined ? null : parseChecksum(last);
  const before = checksum === null ? words : words.slice(0, -1);
  const [place, stray] = before;
  if (stray !== undefined) throw noChecksum(stray);
  return { place, checksum };
}

/** The same where the checksum must be there. One that is cut short is no place. */
function withChecksum(verb: string, words: Words): { place: string | undefined; checksum: string } {
  const { place, checksum } = placeAndChecksum(words);
  if (checksum !== null) return { place, checksum };
  if (place?.startsWith('0x')) throw noChecksum(place);
  throw new VisorError('usage', 'The checksum is missing', `Say ${verb} [NETWORK[/CLIENT]] CHECKSUM.`);
}

const noChecksum = (word: string): VisorError =>
  new VisorError(
    'usage',
    `${word} is no checksum`,
    'A checksum is the SHA-256 of the release: 64 hex digits, with or without 0x.',
  );

function durationOf(text: string): number {
  const span = parseDuration(text);
  if (span !== null && span > 0) return span;
  throw new VisorError(
    'usage',
    `${text} is no duration`,
    'Say a whole number and ms, s, m, h or d, such as --for 24h.',
  );
}
