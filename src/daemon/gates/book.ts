import { rename } from 'node:fs/promises';
import { sentenceOf } from '../../errors.ts';
import { type GateRecord, nothingKept } from '../../gate/record.ts';
import type { Log } from '../../log.ts';
import { loadGates, saveGates } from '../../store/state-gates.ts';
import { oneAtATime } from './one-at-a-time.ts';

/** What the gates of an instance must know over a restart, one change after the other. */
export interface GateBook {
  get(): GateRecord;
  /**
   * Resolves when it is on disk; what changes nothing is not saved.
   * @throws VisorError where it cannot be saved: then nothing changed
   */
  change(by: (record: GateRecord) => GateRecord): Promise<void>;
  /** The same where nothing worse comes of it than another wait: it counts for this daemon's life whatever the disk says. */
  note(by: (record: GateRecord) => GateRecord): Promise<void>;
}

export async function openGateBook(path: string, log: Log): Promise<GateBook> {
  let record = await read(path, log);
  // the last word is the last on disk
  const inTurn = oneAtATime();

  return {
    get: () => record,
    change: (by) =>
      inTurn(async () => {
        const next = by(record);
        if (next === record) return;
        await saveGates(path, next);
        record = next;
      }),
    note: (by) =>
      inTurn(async () => {
        const next = by(record);
        if (next === record) return;
        record = next;
        await saveGates(path, next).catch((error: unknown) =>
          log.warn(
            { reason: sentenceOf(error) },
            'since when the gates wait could not be saved: after a restart they begin anew',
          ),
        );
      }),
  };
}

async function read(path: string, log: Log): Promise<GateRecord> {
  try {
    return (await loadGates(path)) ?? nothingKept;
  } catch (error) {
    const aside = `${path}.damaged`;
    await rename(path, aside).catch(() => {}); // the reason says enough
    const reason = `${path} cannot be read: ${sentenceOf(error)}; it lies in ${aside}. A FleetLock slot that it tells of has to be given back by hand`;
    log.error({ reason }, 'what the gates knew is lost');
    return nothingKept;
  }
}
