import { type Draft, draftOf } from './chapter.ts';
import { type HistoryLine, textOf } from './line.ts';

/** What was read of one instance so far. */
export interface Book {
  readonly drafts: Draft[];
  /** What has the slot, as far as the lines said. */
  running: { readonly checksum: string | null; readonly deployment: string | null } | null;
  /** It left, and nothing has followed yet. */
  left: HistoryLine | null;
  /** Its present illness. */
  ill: Draft | null;
  isStopAsked: boolean;
}

export const emptyBook = (): Book => ({ drafts: [], running: null, left: null, ill: null, isStopAsked: false });

export function open(book: Book, draft: Draft): Draft {
  book.drafts.push(draft);
  return draft;
}

export const beside = (book: Book, line: HistoryLine, ...steps: readonly string[]): Draft => {
  const draft = open(book, draftOf(line, null));
  draft.steps.push(...steps);
  return draft;
};

/** The update that a line is about: by its deployment, else by its checksum, else the edit that nothing was laid out for yet. */
export function updateOfLine(book: Book, line: HistoryLine): Draft | null {
  const [deployment, checksum] = [textOf(line, 'deployment'), textOf(line, 'checksum')];
  if (deployment === null)
    return newest(book, (draft) => isOpen(draft) && checksum !== null && draft.checksum === checksum);
  const isKnown = book.running?.deployment === deployment || book.drafts.some((draft) => isOver(draft, deployment));
  return (
    newest(book, (draft) => isOpen(draft) && draft.deployment === deployment) ??
    newest(book, (draft) => isOpen(draft) && draft.checksum === checksum && draft.deployment === null) ??
    (isKnown ? null : newest(book, (draft) => isOpen(draft) && draft.checksum === null && draft.deployment === null))
  );
}

const isOver = (draft: Draft, deployment: string): boolean => draft.isUpdate && draft.deployment === deployment;

/** What is still to be fetched: a failed download says only its deployment, which nobody knows before. */
export const newestUnfetched = (book: Book): Draft | null => newest(book, (draft) => isOpen(draft) && !draft.isFetched);

export const newest = (book: Book, isIt: (draft: Draft) => boolean): Draft | null => book.drafts.findLast(isIt) ?? null;

const isOpen = ({ isUpdate, isOver }: Draft): boolean => isUpdate && !isOver;
