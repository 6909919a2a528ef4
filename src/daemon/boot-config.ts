import { rename } from 'node:fs/promises';
import { sentenceOf } from '../errors.ts';
import { homeAt } from '../layout.ts';
import type { Log } from '../log.ts';
import { type InForce, type Proposal, propose, restore } from './acceptance.ts';
import { type Found, findAccepted, findConfig, missingArgsFile } from './find-config.ts';

/** What a daemon starts with. */
export interface Boot {
  readonly home: string;
  /** What was in force before. */
  readonly before: InForce | null;
  /** What the file says now; `null`: it is refused, and what was in force stays. */
  readonly proposal: Proposal | null;
  readonly refusal: string | null;
}

export interface Booting {
  readonly file: string;
  /** Refuse a file that is not valid, although one was accepted before. */
  readonly strict: boolean;
  readonly log: Log;
}

/** @throws VisorError `config` (78) without a file that is valid or was. */
export async function bootConfig({ file, strict, log }: Booting): Promise<Boot> {
  const { text, home, accepted, damaged, unread } = await found(file);
  try {
    if (unread !== null) throw unread;
    if (text === null) throw missingArgsFile(file);
    const before = accepted && restoreOrNull(accepted, log);
    // whether a client that the file no longer names still runs is known when its state is read: until then it is kept
    const proposal = await propose(before, { file, text, allowRemove: false }, () => true);
    if (damaged !== null) await setAside(proposal.inForce.config.home, damaged, log);
    return { home: proposal.inForce.config.home, before, proposal, refusal: null };
  } catch (error) {
    if (strict || accepted === null || home === null) throw damaged ?? error;
    const refusal = sentenceOf(error);
    log.error({ file, reason: refusal }, 'the args file was refused; the one that was accepted last stays in force');
    return { home, before: restore(accepted), proposal: null, refusal };
  }
}

/** A file that the disk does not give is no reason to keep a client down, as one that is not valid is none. */
async function found(file: string): Promise<Found & { readonly unread: unknown }> {
  try {
    return { ...(await findConfig(file)), unread: null };
  } catch (unread) {
    const former = await findAccepted(file);
    return { text: null, home: null, accepted: null, ...former, damaged: null, unread };
  }
}

/**
 * The file is valid, so nothing need stand still. Clients that only the damaged record knew are not run; what was in it is kept for a person.
 */
async function setAside(home: string, damaged: unknown, log: Log): Promise<void> {
  const { accepted } = homeAt(home);
  const aside = `${accepted}.damaged`;
  await rename(accepted, aside);
  log.error(
    { aside, reason: sentenceOf(damaged) },
    'what was accepted last cannot be read and was put aside; the file alone counts',
  );
}

function restoreOrNull(accepted: Parameters<typeof restore>[0], log: Log): InForce | null {
  try {
    return restore(accepted);
  } catch (error) {
    const reason = sentenceOf(error);
    log.warn({ reason }, 'what was accepted last cannot be read by this version; the file alone counts');
    return null;
  }
}
