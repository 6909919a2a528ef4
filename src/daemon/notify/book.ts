import { rename } from 'node:fs/promises';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { loadNotify, type NotifyRecord, saveNotify } from '../../store/state-notify.ts';
import { settlesWithin } from '../../within.ts';

/** What goes on and what waits, in memory and on disk. Nothing waits for the disk for longer than a moment. */
export interface Book {
  get(): NotifyRecord;
  /** Counts at once; the disk follows. */
  set(next: NotifyRecord): void;
  /** Resolves when it is on disk, or the disk has taken too long or refused: a message is worth more than its record. */
  saved(): Promise<void>;
  close(): Promise<void>;
}

/** How long a message waits for its disk. */
const PATIENCE = 2_000;
/** How soon a record that the disk did not take is written again. */
const AGAIN = 10_000;

export async function openBook(path: string, log: Log): Promise<Book> {
  let record = await load(path, log);
  let isDirty = false;
  let isLost = false;
  let writing: Promise<void> | null = null;
  let again: NodeJS.Timeout | null = null;

  async function write(): Promise<void> {
    // what is changed in one turn is one write: a condition is never on disk without its message
    await Promise.resolve();
    while (isDirty) {
      isDirty = false;
      const refused = await saveNotify(path, record).then(() => null, sentenceOf);
      tell(refused);
      if (refused === null) continue;
      again ??= setTimeout(() => {
        again = null;
        isDirty = true;
        save();
      }, AGAIN);
    }
    writing = null;
  }

  function tell(reason: string | null): void {
    if (isLost === (reason !== null)) return;
    isLost = reason !== null;
    if (isLost) log.warn({ path, reason }, 'messages cannot be saved: what waits is lost if vaultvisor dies now');
    else log.info({ path }, 'messages are saved again');
  }

  const save = (): Promise<void> => {
    writing ??= write();
    return writing;
  };

  const saved = async (): Promise<void> => {
    if (writing !== null) await settlesWithin(PATIENCE, writing);
  };

  return {
    get: () => record,
    set(next) {
      if (next === record) return;
      record = next;
      isDirty = true;
      void save();
    },
    saved,
    async close() {
      if (again !== null) clearTimeout(again);
      await saved();
    },
  };
}

async function load(path: string, log: Log): Promise<NotifyRecord> {
  try {
    return (await loadNotify(path)) ?? { open: {}, queues: {} };
  } catch (error) {
    const aside = `${path}.damaged`;
    await rename(path, aside).catch(() => {});
    log.error({ aside, reason: sentenceOf(error) }, 'the messages that waited cannot be read and were put aside');
    return { open: {}, queues: {} };
  }
}
