import { closeSync, openSync, readFileSync, readSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { type Call, type ErrorName, parseCalls } from './call.ts';

/** What is counted: changes of the world, the daemon's own log, reads of what lies below the scene, pipes and watches. */
export const CLASSES = { change: 1, output: 2, read: 4, resource: 8 } as const;

const MODES = ['count', 'kill before', 'kill after', 'fail once', 'fail from'] as const;

/** What is to happen at the n-th counted call, n from 1. `fail from`: also at every later one, until `disarm`. */
export interface Plan {
  readonly mode: (typeof MODES)[number];
  readonly nth?: number;
  readonly error?: ErrorName;
  /** Of `CLASSES`, added. */
  readonly classes?: number;
}

/** The page that one daemon shares with us (faults.c). */
export interface Page {
  /** For the daemon's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Counts from 1 again, by this plan. */
  arm(plan: Plan): void;
  /** From now on every call is made as ever. */
  disarm(): void;
  count(): number;
  /** The daemon's pid; 0 before it has begun. */
  supervisor(): number;
  /** How many calls it was killed at, or that failed. */
  fired(): number;
  /** Processes beside the daemon that found the library in their environment. */
  strangers(): number;
  /** What was counted since `arm`. */
  calls(): readonly Call[];
  close(): void;
}

const FIELDS = ['armed', 'mode', 'nth', 'error', 'classes', 'supervisor', 'count', 'fired', 'strangers'] as const;
type Field = (typeof FIELDS)[number];

/** @param below the folder whose paths are the scene's own: shown without it, and reads of it are counted where that is asked for */
export function openPage(path: string, library: string, below: string): Page {
  writeFileSync(path, Buffer.alloc(4096));
  const file = openSync(path, 'r+');
  const cell = Buffer.alloc(4);
  const put = (field: Field, value: number) => {
    cell.writeInt32LE(value);
    writeSync(file, cell, 0, 4, 4 * FIELDS.indexOf(field));
  };
  const get = (field: Field): number => {
    readSync(file, cell, 0, 4, 4 * FIELDS.indexOf(field));
    return cell.readInt32LE();
  };
  const log = `${path}.log`;
  writeFileSync(log, '');
  return {
    env: { LD_PRELOAD: library, LAB_FAULTS: path, LAB_FAULTS_BELOW: below },
    arm({ mode, nth = 0, error, classes = CLASSES.change }) {
      put('armed', 0);
      truncateSync(log);
      put('mode', MODES.indexOf(mode));
      put('nth', nth);
      put('error', error === undefined ? 0 : constants.errno[error]);
      put('classes', classes);
      put('count', 0);
      put('fired', 0);
      put('armed', 1);
    },
    disarm: () => put('armed', 0),
    count: () => get('count'),
    supervisor: () => get('supervisor'),
    fired: () => get('fired'),
    strangers: () => get('strangers'),
    calls: () => parseCalls(readFileSync(log, 'utf8'), below),
    close: () => closeSync(file),
  };
}
