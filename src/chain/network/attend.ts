import { sentenceOf, VisorError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { lost, type Session } from '../session/session.ts';
import type { Tuning } from '../tuning.ts';
import { type HeadVerdict, type Highest, isFork, judgeHead, numberOfHead } from './heads.ts';
import { newestOnly } from './newest-only.ts';
import { type Reading, readBlock } from './read-block.ts';
import { hashOf } from './read-values.ts';
import { startWatchdog } from './watchdog.ts';

/** What the reading of a session's heads needs of the one who keeps the session. */
export interface Attendance {
  readonly tuning: Tuning;
  readonly log: Log;
  keys(): readonly string[];
  highest(): Highest | null;
  /** A block was read that is not below the highest. Returns whether the chain went on with it. */
  read(reading: Reading): boolean;
  /** A head contradicts what was final before; it is not read, and the session is over. */
  contradicted(error: VisorError): void;
  /** The chain did not go on for too long; the session is over. */
  stalled(error: VisorError): void;
}

export interface Attended {
  /** Reads the newest head once more, with the keys of now. */
  again(): void;
  /** Resolves with the reason when the session is over. */
  readonly over: Promise<VisorError>;
}

/** Follows the finalised heads of a session that has proved its chain. */
export function attend(session: Session, attendance: Attendance): Attended {
  const { tuning, highest, stalled } = attendance;
  const fail = (error: unknown) => session.end(nonsense(session.host, error));
  const watchdog = startWatchdog(tuning.stall, () => {
    const what = `no higher and recent finalised block than ${highest()?.number ?? 'none'} for ${tuning.stall / 1_000} s`;
    const error = lost(session.host, what);
    session.end(error);
    stalled(error);
  });
  const visit = newestOnly(createReader(session, attendance, watchdog.feed), fail);
  let newest: number | null = null;
  const heard = (error: Error | null, head: unknown) => {
    try {
      if (error !== null) throw error;
      newest = numberOfHead(head);
      visit(newest);
    } catch (reason) {
      fail(reason);
    }
  };
  session.subscribe('chain_finalizedHead', 'chain_subscribeFinalizedHeads', [], heard).catch(fail);
  const over = session.over.finally(watchdog.stop);
  return { again: () => void (newest !== null && visit(newest)), over };
}

/** What is done for one head: judge it, read the block, hand the reading on. */
function createReader(
  session: Session,
  attendance: Attendance,
  progress: () => void,
): (number: number) => Promise<void> {
  const { host } = session;
  let before: Reading | null = null;
  return async (number) => {
    const highest = attendance.highest();
    const verdict = judgeHead(number, highest, before === null, attendance.tuning.slack);
    if (verdict !== 'read') return refuse(host, number, verdict, attendance);
    const hash = await hashOf(session, number);
    if (isFork(number, hash, highest)) {
      contradict(host, `the finalised block ${number} is another one than before`, attendance);
    }
    const reading = await readBlock(session, { number, hash }, attendance.keys(), before);
    before = reading;
    if (attendance.read(reading)) progress();
  };
}

function refuse(host: string, number: number, verdict: Exclude<HeadVerdict, 'read'>, attendance: Attendance): void {
  const below = `block ${number} is called the newest final one, below ${attendance.highest()?.number ?? 0} that was read before`;
  switch (verdict) {
    case 'lagging':
      attendance.log.debug({ host, number }, `${below}: this endpoint is a little behind`);
      break;
    case 'backwards':
      contradict(host, below, attendance);
  }
}

function contradict(host: string, what: string, attendance: Attendance): never {
  const next =
    'It is not acted upon. Use an endpoint that follows the chain; a network that was reset on purpose needs a new home.';
  const error = new VisorError('protocol', `${host}: ${what}`, next);
  attendance.contradicted(error);
  throw error;
}

function nonsense(host: string, error: unknown): VisorError {
  if (error instanceof VisorError) return error;
  return new VisorError(
    'protocol',
    `${host}: ${sentenceOf(error)}`,
    'The next endpoint is tried; the client runs on.',
    { cause: error },
  );
}
