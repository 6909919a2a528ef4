import { rm } from 'node:fs/promises';
import type { Millis } from '../../core/release.ts';
import { sentenceOf } from '../../errors.ts';
import type { InstanceFolder } from '../../layout.ts';
import type { Log } from '../../log.ts';
import { readRecord } from '../../process/child-record.ts';
import { bootId, machineName } from '../../process/machine.ts';
import { type GuardRecord, loadGuard, saveGuard } from '../../store/state-guard.ts';

export type Finding =
  | { readonly verdict: 'passed' }
  | { readonly verdict: 'skipped'; readonly by: string }
  | { readonly verdict: 'refused'; readonly reason: string };

/** What was found on this machine about an account, over restarts. */
export interface GuardBook {
  /** `null`: nothing yet, so the next start is the first one here. */
  find(account: string): Promise<GuardRecord | null>;
  /** @throws VisorError where it cannot be saved */
  keep(account: string, found: Finding): Promise<void>;
  /** The same where nobody waits for it: that it could not be saved costs another watch, and is told. */
  tryToKeep(account: string, found: Finding): Promise<void>;
  forget(): Promise<void>;
  /** A child of ours ran in this boot: this is no new machine. */
  ranHere(): boolean;
}

export function openGuardBook(folder: InstanceFolder, log: Log, now: () => Millis): GuardBook {
  let record: GuardRecord | null | undefined;
  // one after the other: the last word is the last on disk
  let saved: Promise<unknown> = Promise.resolve();

  async function keep(account: string, found: Finding): Promise<void> {
    const next: GuardRecord = {
      schema: 1,
      machine: machineName(),
      account,
      at: new Date(now()).toISOString(),
      ...found,
    };
    // what was decided holds for this process also where the disk does not take it
    record = next;
    const turn = saved.then(() => saveGuard(folder.guardRecord, next));
    saved = turn.catch(() => {});
    await turn;
  }

  return {
    keep,
    async find(account) {
      if (record === undefined) record = await loadGuard(folder.guardRecord);
      return record?.account === account && record.machine === machineName() ? record : null;
    },
    tryToKeep: (account, found) =>
      keep(account, found).catch((error: unknown) =>
        log.warn({ reason: sentenceOf(error) }, 'what the guard found could not be saved: it will watch again'),
      ),
    async forget() {
      await saved;
      await rm(folder.guardRecord, { force: true });
      record = null;
    },
    ranHere: () => readRecord(folder.childRecord)?.child?.boot === bootId(),
  };
}
