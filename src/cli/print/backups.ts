import type { Millis } from '../../core/release.ts';
import { oneLine } from '../../observe/words/pieces.ts';
import { momentWords } from '../../observe/words/time.ts';

/** One backup as `backups list --json` prints it. */
export interface BackupLine {
  readonly network: string;
  readonly client: string;
  readonly update: string;
  readonly folder: string;
  /** The state may still have it put back. */
  readonly needed: boolean;
  readonly state: 'complete' | 'incomplete' | 'used' | 'unreadable';
  /** `null`: it has no record that could be read. */
  readonly made: {
    readonly dir: string;
    /** Versions, or the checksum of a release without one. */
    readonly from: string;
    readonly to: string;
    readonly at: string;
    readonly bytes: number;
    readonly shared: boolean;
    readonly hashed: boolean;
  } | null;
}

const states = {
  complete: 'complete',
  incomplete: 'never completed',
  used: 'was put back',
  unreadable: 'its record cannot be read',
} as const;

export function backupLine({ network, client, update, state, needed, made }: BackupLine, now: Millis): string {
  const what =
    made === null
      ? []
      : [
          momentWords(made.at, now),
          `${oneLine(made.from)} → ${oneLine(made.to)}`,
          `${(made.bytes / 2 ** 20).toFixed(1)} MiB${made.shared ? ', blocks shared' : ''}`,
        ];
  return [`${network}/${client} ${update}`, ...what, `${states[state]}${needed ? ', still needed' : ''}`].join('  ');
}

/** One backup as `backups verify --json` prints it. */
export interface VerifiedBackup {
  readonly network: string;
  readonly client: string;
  readonly update: string;
  /** `unhashed`: names, sizes and times are right; what shares its blocks was not hashed yet. */
  readonly state: 'sound' | 'unhashed' | 'damaged';
  /** What is wrong, in words. */
  readonly wrong: readonly string[];
}

export function verifiedLine({ network, client, update, state, wrong }: VerifiedBackup): string {
  const words = {
    sound: 'sound',
    unhashed: 'sound as far as names, sizes and times tell: it shares its blocks and was not hashed yet',
    damaged: wrong.map(oneLine).join('; '),
  };
  return `${network}/${client} ${update}: ${words[state]}`;
}
