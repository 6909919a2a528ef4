import { constants } from 'node:os';
import { stripVTControlCharacters } from 'node:util';

/**
 * Every error that a person may meet: a code, an exit status, what went wrong and what to do next.
 * Exit statuses are those of sysexits.h, as operators' scripts and systemd units may rely on them.
 */
export const exitStatuses = {
  usage: 64,
  network: 69,
  bug: 70,
  io: 74,
  busy: 75,
  protocol: 76,
  permission: 77,
  config: 78,
} as const;

export type ErrorCode = keyof typeof exitStatuses;

/** What they mean to an operator (docs/reference/exit-statuses.md). */
export const exitMeanings: Readonly<Record<ErrorCode, string>> = {
  usage: 'the command line was not understood, or there is no such client, or what was asked for is not possible now',
  network: 'a source cannot be read, or the daemon cannot be reached',
  bug: 'a bug of vaultvisor; please report it',
  io: 'the disk: full, read-only, damaged',
  busy: 'another daemon holds this home, or what was waited for did not come in time',
  protocol: 'a source or the daemon answered nonsense',
  permission: 'not permitted',
  config: 'the configuration, or a record on disk, cannot be used',
};

/** The exit statuses that are answers, not errors. */
export const answerMeanings: Readonly<Record<number, string>> = {
  0: 'done; `status`: every client is as it should be',
  3: '`status`: not every client is as it should be, or children run and nobody looks after them',
  4: '`status`: neither a daemon nor a child runs',
};

export class VisorError extends Error {
  readonly code: ErrorCode;
  /** What the reader should do now; one sentence. */
  readonly next: string;

  constructor(code: ErrorCode, message: string, next: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'VisorError';
    this.code = code;
    this.next = next;
  }

  get exitStatus(): number {
    return exitStatuses[this.code];
  }
}

/** What Node calls EDQUOT: libuv has no name for it. */
const NAMELESS = `Unknown system error -${constants.errno.EDQUOT}`;

/** The code of a system error (`ENOENT`), a quota that is used up among them (`EDQUOT`); `null` of anything else. */
export function systemCode(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return null;
  return thrown.code === NAMELESS ? 'EDQUOT' : thrown.code;
}

/** The sentence of anything that was thrown; control characters escaped, so that a hostile server cannot paint a terminal. */
export function sentenceOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return printable(text.replace(`${NAMELESS}: ${NAMELESS}`, 'EDQUOT: disk quota exceeded')).slice(0, 2_000);
}

/**
 * What a terminal or a page obeys instead of showing it: control characters (C0, C1), what turns the direction of text, has no width, or ends a line
 * without being a line end. Tabs and line ends stay.
 */
const obeyed =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Text from outside, safe to print: such characters become `\xNN`, or `\u{NNNN}` beyond a byte. */
export const printable = (text: string): string => text.replace(obeyed, escaped);

/** What a client wrote, safe to print: its colours are taken out, and whatever else a terminal would obey is shown as what it is. */
export const shownLine = (line: string): string => printable(stripVTControlCharacters(line));

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** A value as JSON that is safe to print: what JSON leaves as it is of such characters becomes `\uNNNN`, which says the same. */
export const printableJson = (value: unknown, indent?: number): string =>
  printableJsonText(JSON.stringify(value, null, indent));

/** The same of what is JSON already. */
export const printableJsonText = (json: string): string =>
  json.replace(obeyed, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
