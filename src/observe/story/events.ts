import { clockWords, exactSpan } from '../words/time.ts';
import { chainEvents } from './chain-events.ts';
import { because, downFor, type HistoryLine, numberOf, releaseOf, textOf } from './line.ts';

const pid = (line: HistoryLine): string => `pid ${numberOf(line, 'pid') ?? '?'}`;
const pids = (line: HistoryLine): string =>
  Array.isArray(line['pids']) ? `pid ${line['pids'].join(', ')}` : 'a process';
const upFor = (line: HistoryLine): string => {
  const uptime = numberOf(line, 'uptime');
  return uptime === null ? '' : ` after ${exactSpan(uptime)}`;
};
const asked: Readonly<Record<string, string>> = {
  stopped: 'stop',
  started: 'start',
  restarted: 'restart',
  rejected: 'rollback',
};

/** What happened beside updates, in words. What is not here is shown as it was written. */
export const ofEvents: Readonly<Record<string, (line: HistoryLine) => string>> = {
  announced: (line) => `${releaseOf(line)} is named, which runs already`,
  runtime: (line) => {
    const from = numberOf(line, 'from');
    const now = `spec version ${numberOf(line, 'specVersion') ?? '?'}`;
    return from === null ? `the chain is read; it has ${now}` : `the chain has a new runtime: ${now}, after ${from}`;
  },
  decoded: (line) => `block ${numberOf(line, 'block') ?? '?'} had events of it: ${chainEvents(line['events'])}`,
  configured: () => 'its settings in the args file were edited',
  started: (line) => `${releaseOf(line)} started as ${pid(line)}${downFor(line)}`,
  restarted: (line) => `started again as ${pid(line)}${downFor(line)}`,
  stopped: (line) => `asked to leave, and left${upFor(line)} of service${because(line)}`,
  exited: (line) =>
    `left by itself${upFor(line)}${because(line)}${line['final'] === true ? ' (it is not restarted by itself)' : ''}`,
  committed: (line) => `${releaseOf(line)} is committed`,
  healthy: (line) => `${releaseOf(line)} is healthy`,
  unhealthy: (line) => `unhealthy${because(line)}`,
  quarantined: (line) => `${releaseOf(line)} is kept out${because(line)}`,
  failed: (line) => `${releaseOf(line)} failed${because(line)}`,
  fetched: (line) => `${releaseOf(line)} is fetched and proved`,
  fetchFailed: (line) => `could not be fetched${because(line)}`,
  waits: (line) => `${releaseOf(line)} waits${because(line)}`,
  approved: (line) => `${releaseOf(line)} is approved by a person`,
  disapproved: (line) => `the approval of ${releaseOf(line)} is taken back`,
  withdrawn: (line) => `${releaseOf(line)} is no longer named`,
  restored: () => 'the data of before an update are back in their place',
  restoreFailed: (line) => `the data of before an update are not yet back in their place${because(line)}`,
  spoiled: (line) => `the program of ${releaseOf(line)} was missing or damaged; it is fetched again`,
  alarm: (line) => `ALARM${because(line)}`,
  held: (line) => {
    const until = textOf(line, 'until');
    return `held by a person: no switches${until === null ? '' : ` until ${clockWords(until)}`}`;
  },
  resumed: () => 'no longer held',
  unpinned: () => 'no longer pinned: it follows its source',
  forgiven: (line) => `let in again by a person: ${line['checksum'] ? releaseOf(line) : 'all that was kept out'}`,
  asked: (line) => `a person said ${asked[textOf(line, 'to') ?? ''] ?? textOf(line, 'to') ?? 'something'}`,
  orphan: (line) => {
    const action = textOf(line, 'action');
    if (action === 'adopted') return `${pids(line)} of a daemon that died runs on, and is looked after again`;
    // a daemon that died left it, or a client that did not take all of its own along: nobody can tell later
    if (action === 'ended') return `ended what was left over from before: ${pids(line)}`;
    return `what was left over from before is left to a person: ${pids(line)}`;
  },
  guardPassed: (line) =>
    `its account was quiet until block ${numberOf(line, 'block') ?? '?'}: it may start on this machine`,
  guardRefused: (line) =>
    `NOT STARTED: its account signed in block ${numberOf(line, 'block') ?? '?'} (${textOf(line, 'call') ?? 'an extrinsic'}), so a copy runs elsewhere`,
  guardSkipped: (line) => `${textOf(line, 'by') ?? 'a person'} had it started without watching its account`,
  signedElsewhere: (line) =>
    `ALARM: its account signed while it was down, in block ${numberOf(line, 'block') ?? '?'} (${textOf(line, 'call') ?? 'an extrinsic'})`,
  redeemEndangered: (line) => `ALARM${because(line)}`,
  redeemSafe: () => 'its next payment is no longer in danger',
  stranger: (line) => {
    const who = Array.isArray(line['who']) ? `: ${line['who'].join('; ')}` : '';
    const action = textOf(line, 'action');
    if (action === 'left') return 'the other client of its account has left';
    return action === 'ignored'
      ? `another client of its account is ignored${who}`
      : `another client of its account is here, and nothing is started${who}`;
  },
};
