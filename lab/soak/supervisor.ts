import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A line of a daemon's log, as far as the soak reads it. */
export interface Said {
  /** On performance.now(). */
  readonly at: number;
  readonly place: string | null;
  readonly event: string | null;
  readonly message: string;
  /** The processes that it is about. */
  readonly pids: readonly number[];
}

/** A real daemon whose log is read as it comes: a moment right after a line is then a moment that was meant. */
export interface Supervisor {
  readonly name: string;
  readonly pid: number;
  /** On performance.now(). */
  readonly startedAt: number;
  readonly said: readonly Said[];
  /** It was asked to stop. */
  isStopping: boolean;
  isPaused: boolean;
  kill(signal: NodeJS.Signals): void;
  hasEnded(): boolean;
  readonly ended: Promise<number | string>;
  /** Resolves at the next line, or when it has ended. */
  next(): Promise<void>;
  /** The beginning and the end of its log, for a report. */
  excerpt(): string;
}

export interface SupervisorRequest {
  readonly name: string;
  /** Path of main.js. */
  readonly program: string;
  /** The args file. */
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  heard?(said: Said, by: Supervisor): void;
}

export function startSupervisor({ name, program, config, env, heard }: SupervisorRequest): Supervisor {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [program, 'run', '--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  const said: Said[] = [];
  const raw: string[] = [];
  let waiting: (() => void)[] = [];
  let gone = false;
  const tell = (): void => {
    const told = waiting;
    waiting = [];
    for (const each of told) each();
  };
  createInterface({ input: child.stderr }).on('line', (line) => {
    raw.push(line);
    const one = parse(line);
    said.push(one);
    heard?.(one, supervisor);
    tell();
  });
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => {
      gone = true;
      resolve(code ?? signal ?? 'gone');
      tell();
    }),
  );
  const supervisor: Supervisor = {
    name,
    pid: child.pid ?? 0,
    startedAt,
    said,
    isStopping: false,
    isPaused: false,
    ended,
    hasEnded: () => gone,
    kill: (signal) => void child.kill(signal),
    next: () => (gone ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    excerpt: () => (raw.length > 40 ? [...raw.slice(0, 25), '…', ...raw.slice(-15)] : raw).join('\n'),
  };
  return supervisor;
}

interface LogLine {
  readonly network: string;
  readonly client: string;
  readonly action: string;
  readonly event: string;
  readonly msg: string;
  readonly pid: number;
  readonly pids: readonly number[];
}

function parse(line: string): Said {
  const at = performance.now();
  try {
    const { network, client, event = null, action, msg = '', pid, pids = [] } = JSON.parse(line) as Partial<LogLine>;
    const place = client === undefined ? null : `${network}/${client}`;
    return {
      at,
      place,
      event: action === 'adopted' ? action : event,
      message: msg,
      pids: pid === undefined ? pids : [pid],
    };
  } catch {
    return { at, place: null, event: null, message: line, pids: [] };
  }
}
