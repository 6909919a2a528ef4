import type { Said, Supervisor } from './supervisor.ts';

/** What a supervisor was about, by the last that it said. */
export const phases = [
  'loading',
  'taking up its instances',
  'waiting for another owner',
  'fetching a release',
  'evicting an orphan',
  'stopping the old client',
  'between two clients',
  'just after a spawn',
  'on probation',
  'just after a verdict',
  'serving',
  'stopping altogether',
  'suspended',
] as const;

export type Phase = (typeof phases)[number];

/** After so many milliseconds without a word a supervisor is no longer about what it said last. */
const FRESH = 150;

/** In which phase a kill hits it. */
export function phaseOf(supervisor: Pick<Supervisor, 'said' | 'isPaused' | 'isStopping'>, now: number): Phase {
  const { said, isPaused, isStopping } = supervisor;
  if (isPaused) return 'suspended';
  if (isStopping) return 'stopping altogether';
  const last = said.at(-1);
  if (last === undefined) return 'loading';
  return now - last.at > FRESH ? atRest(said) : busy(said, last);
}

/** It says nothing: where what it said last leads to. */
function atRest(said: readonly Said[]): Phase {
  const last = said.findLast(({ place }) => place !== null);
  if (last === undefined) return 'taking up its instances';
  if (isLeaving(last)) return leaving(said, last);
  if (last.message === 'the client is not started') return 'waiting for another owner';
  return isUp(last) ? 'on probation' : 'serving';
}

function busy(said: readonly Said[], last: Said): Phase {
  if (last.event === 'orphan') return 'evicting an orphan';
  if (isLeaving(last)) return leaving(said, last);
  if (isUp(last)) return 'just after a spawn';
  switch (last.event) {
    case 'announced':
    case 'fetched':
    case 'fetchFailed':
      return 'fetching a release';
    case 'stopped':
    case 'exited':
      return 'between two clients';
    case 'committed':
    case 'failed':
    case 'rolledBack':
    case 'quarantined':
    case 'unhealthy':
      return 'just after a verdict';
  }
  if (last.message.startsWith('downloading')) return 'fetching a release';
  if (last.message === 'the client is not started') return 'waiting for another owner';
  return last.place === null ? 'taking up its instances' : 'serving';
}

const isLeaving = ({ message }: Said): boolean =>
  message === 'a client is asked to leave' || message === 'a client has not left within its grace and is killed';

const isUp = ({ event, message }: Said): boolean =>
  event === 'started' || event === 'restarted' || message === 'not every probe passes yet';

/** Whether what leaves is an orphan or the former client shows by what was said of the place before. */
function leaving(said: readonly Said[], last: Said): Phase {
  const before = said.findLast(({ place, event }) => place === last.place && event !== null);
  return before?.event === 'orphan' ? 'evicting an orphan' : 'stopping the old client';
}
