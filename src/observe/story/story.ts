import { type Book, beside, emptyBook, newest, newestUnfetched, open, updateOfLine } from './book.ts';
import { add, between, type Chapter, cameUp, chapterOf, type Draft, draftOf, over, updateOf } from './chapter.ts';
import { ofEvents } from './events.ts';
import { type HistoryLine, releaseOf, textOf, timeOf } from './line.ts';
import { cameBack, ofUpdates } from './updates.ts';

/**
 * A history as people tell it: each update from its announcement to its end, with how long each part took, and what happened beside, in the order in
 * which they began. Pure: it is made of the lines alone, and what they do not say it does not tell.
 * @param lines of any number of instances, oldest first
 */
export function storyOf(lines: readonly HistoryLine[]): readonly Chapter[] {
  const books = new Map<string, Book>();
  for (const line of lines) {
    const place = `${line.network}/${line.client}`;
    const book = books.get(place) ?? emptyBook();
    books.set(place, book);
    read(line, book);
  }
  const chapters = [...books.values()].flatMap((book) => inARow(closed(book).drafts.map(chapterOf)));
  return chapters.sort((a, b) => (a.began === b.began ? 0 : a.began < b.began ? -1 : 1));
}

function read(line: HistoryLine, book: Book): void {
  const reader = readers[textOf(line, 'event') ?? ''] ?? toItsUpdate;
  reader(line, book);
}

type Reader = (line: HistoryLine, book: Book) => void;

const toItsUpdate: Reader = (line, book) => toUpdate(line, book, updateOfLine(book, line));

const readers: Readonly<Record<string, Reader>> = {
  announced: named,
  pending: named,
  pinned: named,
  unpinned,
  configured(line, book) {
    const edit = open(book, { ...draftOf(line, 'an edit of its settings'), checksum: null });
    ofUpdates['configured']?.(edit, line);
  },
  fetchFailed: (line, book) => toUpdate(line, book, updateOfLine(book, line) ?? newestUnfetched(book)),
  started,
  restarted,
  stopped: left,
  exited: left,
  asked(line, book) {
    book.isStopAsked = textOf(line, 'to') === 'stopped';
    toUpdate(line, book, null);
  },
  unhealthy(line, book) {
    toUpdate(line, book, null);
    book.ill = book.drafts.at(-1) ?? null;
  },
  healthy,
  rolledBack: wentBack,
  recalled: wentBack,
  restored: toWayBack,
  restoreFailed: toWayBack,
};

function toWayBack(line: HistoryLine, book: Book): void {
  toUpdate(
    line,
    book,
    newest(book, (draft) => draft.isUpdate && draft.backTo !== null && !draft.isOver),
  );
}

/** Part of an update where there is one that it may be of, else something of its own. */
function toUpdate(line: HistoryLine, book: Book, draft: ReturnType<typeof updateOfLine>): void {
  const event = textOf(line, 'event') ?? '';
  const telling = ofUpdates[event];
  if (draft !== null && telling !== undefined) {
    telling(draft, line);
    if (event === 'committed') book.running = draft;
    return;
  }
  beside(book, line, (ofEvents[event] ?? asWritten)(line));
}

function named(line: HistoryLine, book: Book): void {
  const checksum = textOf(line, 'checksum');
  const known = newest(book, (draft) => draft.isUpdate && !draft.isOver && draft.checksum === checksum);
  if (known === null && checksum === book.running?.checksum && line['event'] === 'announced')
    return void toUpdate(line, book, null);
  // what was named before and has not begun never will
  const isNow = line.event !== 'pending';
  for (const draft of book.drafts)
    if (isIdle(draft) && draft !== known && draft.isNamed === isNow) {
      add(draft, line, `overtaken by ${releaseOf(line)}`);
      over(draft, 'plain');
    }
  const draft = known ?? open(book, updateOf(line));
  draft.isNamed ||= isNow;
  toUpdate(line, book, draft);
}

/** What was only pinned and has not begun never will. */
function unpinned(line: HistoryLine, book: Book): void {
  const only = newest(book, (draft) => isIdle(draft) && draft.first['event'] === 'pinned');
  if (only === null) return void toUpdate(line, book, null);
  add(only, line, ofEvents['unpinned']?.(line) ?? 'no longer pinned');
  over(only, 'plain');
}

const isIdle = (draft: Draft): boolean =>
  draft.isUpdate && !draft.isOver && draft.startedAt === null && draft.checksum !== null;

function started(line: HistoryLine, book: Book): void {
  const deployment = textOf(line, 'deployment');
  const left = takeLeft(book);
  const returning = newest(book, (draft) => draft.backTo === deployment && deployment !== null && !draft.isOver);
  const draft = returning ?? updateOfLine(book, line);
  if (returning !== null) cameBack(returning, line);
  else if (draft !== null) ofUpdates['started']?.(draft, line);
  else if (book.running === null || book.running.deployment === deployment) {
    if (left !== null) tellLeft(left, book);
    toUpdate(line, book, null);
  } else {
    const isEdit = book.running.checksum === textOf(line, 'checksum');
    const again = open(book, isEdit ? draftOf(line, 'an edit of its settings') : updateOf(line));
    ofUpdates['started']?.(again, line);
  }
  if (draft === null && book.running === null) book.running = { checksum: textOf(line, 'checksum'), deployment };
  if (returning !== null) book.running = { checksum: textOf(line, 'checksum'), deployment };
}

/** After it left by itself, that and its return are one thing; on probation, both are part of the update. */
function restarted(line: HistoryLine, book: Book): void {
  const left = takeLeft(book);
  if (updateOfLine(book, line) !== null) return;
  const draft = left === null ? null : tellLeft(left, book);
  if (draft === null) toUpdate(line, book, null);
  else add(draft, line, cameUp(line));
}

function left(line: HistoryLine, book: Book): void {
  const before = takeLeft(book);
  if (before !== null) tellLeft(before, book);
  // an update on probation tells why it failed by itself
  const trial = updateOfLine(book, line);
  if (trial !== null && trial.startedAt !== null) return;
  book.left = line;
  if (book.isStopAsked) tellLeft(takeLeft(book) ?? line, book);
}

function healthy(line: HistoryLine, book: Book): void {
  const { ill } = book;
  book.ill = null;
  const last = book.drafts.at(-1);
  if (ill !== null) add(ill, line, `healthy again after ${between(timeOf(ill.first), timeOf(line))}`);
  // after a start, or a way back, it goes without a chapter of its own
  else if (last?.steps.at(-1)?.includes(' up again') || last?.steps.at(-1)?.includes('started'))
    add(last, line, 'healthy');
  else toUpdate(line, book, null);
}

function wentBack(line: HistoryLine, book: Book): void {
  const from = textOf(line, 'from');
  const failed = newest(book, (draft) => draft.isUpdate && draft.deployment === from && from !== null);
  const draft = failed !== null && !failed.isOver ? failed : open(book, draftOf(line, `back to ${releaseOf(line)}`));
  ofUpdates[textOf(line, 'event') ?? '']?.(draft, line);
}

function takeLeft(book: Book): HistoryLine | null {
  const { left } = book;
  book.left = null;
  return left;
}

const tellLeft = (line: HistoryLine, book: Book) =>
  beside(book, line, (ofEvents[textOf(line, 'event') ?? ''] ?? asWritten)(line));

function closed(book: Book): Book {
  const left = takeLeft(book);
  if (left !== null) tellLeft(left, book);
  // an edit that needed no other deployment was in force at once
  for (const draft of book.drafts)
    if (draft.isUpdate && draft.checksum === null && draft.steps.length === 1 && draft.deployment === null) {
      draft.title = null;
      draft.outcome = 'plain';
      draft.steps.splice(0, 1, 'its settings in the args file were edited');
    }
  return book;
}

/** What a newer version of this program wrote. */
const asWritten = (line: HistoryLine): string => {
  const { schema: _schema, at: _at, network: _network, client: _client, event, ...details } = line;
  return `${event} ${JSON.stringify(details)}`;
};

/** The same several times running is told once, with how often. */
function inARow(chapters: readonly Chapter[]): readonly Chapter[] {
  const told: Chapter[] = [];
  for (const chapter of chapters) {
    const before = told.at(-1);
    const isSame =
      before !== undefined && chapter.title === null && before.title === null && alike(before) === alike(chapter);
    if (isSame) told.splice(-1, 1, { ...chapter, began: before.began, times: before.times + 1 });
    else told.push(chapter);
  }
  return told;
}

/** But for figures, which are never twice the same. */
const alike = ({ steps }: Chapter): string =>
  steps.join('\n').replace(/\d+( (ms|s|min|h|d)\b( \d+ (s|min|h)\b)?)?|\d+/g, '#');
