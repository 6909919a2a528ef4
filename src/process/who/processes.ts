import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

/** One process as /proc/<pid>/stat tells it (proc_pid_stat(5)). */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** The kernel's letter: R, S, D, T, … */
  readonly state: string;
  /** When it was started: clock ticks since boot. With the pid and the boot id it names a process for good. */
  readonly start: number;
  /** At most 15 bytes of the executed file's name. */
  readonly comm: string;
}

/** What a record or a glance at a process leaves us with. */
export type Named = Pick<Process, 'pid' | 'start'>;

/** USER_HZ is 100 on every architecture that Node runs on. */
const TICK = 10;

/** The process with this pid; `null` if there is none or nothing of it runs any more (a zombie answers `kill(pid, 0)`, but has left). */
export function processAt(pid: number): Process | null {
  const process = readStat(`/proc/${pid}/stat`);
  return process === null || hasLeft(process) ? null : process;
}

/** When a process was started, be it a zombie; `null` if there is none. */
export const startOf = (pid: number): number | null => readStat(`/proc/${pid}/stat`)?.start ?? null;

/** The very process that was named, not another that was given its pid since. */
export function find({ pid, start }: Named): Process | null {
  const process = processAt(pid);
  return process !== null && process.start === start ? process : null;
}

/** Every process that this user can see and that still runs; threads of the kernel left out. */
export function processes(): readonly Process[] {
  return pids()
    .map(processAt)
    .filter((process) => process !== null)
    .filter(({ pid, parent }) => pid !== 2 && parent !== 2);
}

/** On the clock of machineTime(). */
export const startedAt = ({ start }: Pick<Process, 'start'>): number => start * TICK;

/** The threads that still run: the first of them may have left alone, and then only the others have files. */
export function threads(pid: number): readonly number[] {
  return numbersIn(`/proc/${pid}/task`).filter((tid) => !isZombie(readStat(`/proc/${pid}/task/${tid}/stat`)));
}

const pids = (): readonly number[] => numbersIn('/proc');

function hasLeft(process: Process): boolean {
  return isZombie(process) && threads(process.pid).length === 0;
}

function isZombie(process: Process | null): boolean {
  return process === null || process.state === 'Z' || process.state === 'X';
}

function readStat(path: string): Process | null {
  try {
    const fd = openSync(path, 'r');
    try {
      return parseStat(line.toString('latin1', 0, readSync(fd, line, 0, line.length, null)));
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}

/** One for all: every process of the machine is read before every spawn, and a line has at most some 400 bytes. */
const line = Buffer.alloc(1024);

/** The name may hold blanks and brackets: what counts begins after the last bracket. */
export function parseStat(text: string): Process | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  const at = (field: number): number => Number(fields[field - 3]);
  if (open < 0 || close < open || fields.length < 20) return null;
  return {
    pid: Number(text.slice(0, open)),
    comm: text.slice(open + 1, close),
    state: fields[0] ?? '',
    parent: at(4),
    group: at(5),
    session: at(6),
    start: at(22),
  };
}

function numbersIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
