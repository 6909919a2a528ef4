import { readFileSync, readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { VisorError } from '../../errors.ts';
import { argumentsOf, environmentOf } from '../../process/who/process-details.ts';
import { type Process, processes } from '../../process/who/processes.ts';
import { clientIn, isClientLine, runnerIn } from './client-line.ts';
import { variablesIn } from './environment.ts';

/** A client that runs, with what the kernel knows of it. */
export interface Live {
  readonly pid: number;
  readonly start: number;
  /** As isClientLine reads it: a script's interpreter is no part of it. */
  readonly words: readonly string[];
  readonly program: string;
  /** Its file was removed or replaced since it was started. */
  readonly isReplaced: boolean;
  readonly cwd: string;
  readonly uid: number;
  readonly env: Readonly<Record<string, string>>;
  readonly openFiles: number | null;
  /** The command line of the old runner that started it. */
  readonly runner: readonly string[] | null;
}

/**
 * The client that a process is, or that runs below it: the old runner, a shell and sudo only start one. `null`: none does.
 * @throws the system's error where this user may not look
 */
export async function liveBelow(top: Process): Promise<Live | null> {
  const all = processes();
  const line = [top, ...descendants(top.pid, all)];
  const seen = await Promise.all(line.map(async (process) => ({ process, words: await argumentsOf(process.pid) })));
  const isStarter = ({ words }: (typeof seen)[number]): boolean => runnerIn(words) !== null;
  const runner = seen.find(isStarter) ?? null;
  const below = runner === null ? seen : seen.slice(seen.indexOf(runner) + 1);
  const client =
    below.findLast(({ words }) => isClientLine(clientIn(words))) ?? (runner === null ? seen.at(-1) : below[0]);
  if (client === undefined || client.words.length === 0) return null;
  requireOne(client, below, all);
  const { pid, start } = client.process;
  return {
    ...detailsOf(pid, client.words),
    pid,
    start,
    env: variablesIn(await environmentOf(pid)),
    runner: runner?.words ?? null,
  };
}

type Seen = { readonly process: Process; readonly words: readonly string[] };

/** A supervisor, a shell or pid 1 may have started several. @throws VisorError `usage` with all of them, as nobody can say which one is meant */
function requireOne(client: Seen, seen: readonly Seen[], all: readonly Process[]): void {
  const around = new Set(
    [...ancestors(client.process, all), ...descendants(client.process.pid, all)].map(({ pid }) => pid),
  );
  const others = seen.filter(
    ({ process, words }) =>
      process.pid !== client.process.pid &&
      !around.has(process.pid) &&
      isClientLine(clientIn(words)) &&
      words.join('\0') !== client.words.join('\0'),
  );
  if (others.length === 0) return;
  const pids = [...others, client].map(({ process }) => process.pid).join(', ');
  throw new VisorError(
    'usage',
    `Several clients run there: pid ${pids}`,
    'Say the one that is meant with --pid; ps -fp PID tells what it is.',
  );
}

function ancestors(process: Process, all: readonly Process[]): readonly Process[] {
  const parent = all.find(({ pid }) => pid === process.parent);
  return parent === undefined || parent.pid === process.pid ? [] : [parent, ...ancestors(parent, all)];
}

function detailsOf(pid: number, words: readonly string[]) {
  const cwd = readlinkSync(`/proc/${pid}/cwd`);
  const exe = readlinkSync(`/proc/${pid}/exe`);
  const command = clientIn(words);
  const isScript = command[0] !== words[0];
  return {
    words: command,
    cwd,
    program: isScript ? resolve(cwd, command[0] ?? '') : exe.replace(/ \(deleted\)$/, ''),
    isReplaced: !isScript && exe.endsWith(' (deleted)'),
    uid: Number(/^Uid:\s+\d+\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
    openFiles: openFilesOf(pid),
  };
}

/** Parents first. */
function descendants(pid: number, all: readonly Process[]): readonly Process[] {
  const own = all.filter(({ parent }) => parent === pid);
  return own.flatMap((one) => [one, ...descendants(one.pid, all)]);
}

function openFilesOf(pid: number): number | null {
  const soft = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
  return soft === undefined ? null : Number(soft);
}
