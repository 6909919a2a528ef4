import { readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { argumentsOf, marksOf } from '../who/process-details.ts';
import { type Process, processAt, processes } from '../who/processes.ts';
import { type Command, commandsIn, commandsOf, scriptOf } from './commands.ts';
import { evidenceIn } from './evidence.ts';
import type { Base, KeyFiles } from './key-files.ts';
import { placeOf } from './place.ts';
import { scriptText } from './script-text.ts';
import type { SeenProcess } from './strangers.ts';
import type { Traces } from './traces.ts';

/** The processes of this machine that look like a client of the traces' account. */
export interface SeenProcesses {
  readonly processes: readonly SeenProcess[];
  /** What could not be seen, in words. */
  readonly unseen: readonly string[];
  /** One of them, whatever its command line says; `null`: it has left. */
  seeOne(pid: number): Promise<SeenProcess | null>;
}

/**
 * @param whose.identity the client's lockName
 * @param whose.since looks only at what was started since (Process.start); `null`: at all of them
 */
export async function seeProcesses(
  traces: Traces,
  keyFiles: KeyFiles,
  { identity, since }: { readonly identity: string; readonly since: number | null },
): Promise<SeenProcesses> {
  const all = new Map(processes().map((one) => [one.pid, one]));
  const elders = ancestry(process.pid, all);
  const unseen = isHiding() ? ['the processes of other users (/proc is mounted with hidepid)'] : [];

  async function see(one: Process): Promise<readonly SeenProcess[]> {
    const line = await argumentsOf(one.pid);
    // shells that a person types into, editors and the like are asked no further
    if (commandsOf(line).length === 0) return [];
    const base = await baseOf(one.pid);
    const commands = await commandsOfProcess(line, base);
    const { keyed, unclear } = await keyFiles.among(commands, base);
    if (evidenceIn(commands, keyed, traces) !== null) return [{ ...(await known(one)), commands, keyed }];
    unseen.push(
      ...unclear.map((path) => `whether ${path}, the key file of pid ${one.pid} (${one.comm}), is this client's`),
    );
    return [];
  }

  async function known({ pid, parent, start, comm }: Process): Promise<SeenProcess> {
    const { child, helper } = await marksOf(pid);
    const isOfAnother = helper !== null || (child !== null && child !== identity);
    const managed = isOfAnother || elders.has(pid) || ancestry(pid, all).has(process.pid);
    const place = placeOf(controlGroup(pid), controlGroup('self'));
    return { pid, parent, start, comm, commands: [], keyed: new Set(), managed, place };
  }

  const young = [...all.values()].filter(({ pid, start }) => pid !== process.pid && start >= (since ?? 0));
  const seen = await Promise.all(young.map(see));
  return {
    processes: seen.flat(),
    unseen,
    async seeOne(pid) {
      const one = processAt(pid);
      return one === null
        ? null
        : { ...(await known(one)), commands: await commandsOfProcess(await argumentsOf(pid), await baseOf(pid)) };
    },
  };
}

/** The process and what started it, as far as it still runs. */
function ancestry(pid: number, all: ReadonlyMap<number, Process>): ReadonlySet<number> {
  const line = new Set<number>();
  for (let at = all.get(pid); at !== undefined && !line.has(at.pid); at = all.get(at.parent)) line.add(at.pid);
  return line;
}

async function commandsOfProcess(line: readonly string[], base: Base): Promise<readonly Command[]> {
  const script = scriptOf(line);
  return [...commandsOf(line), ...(script === null ? [] : commandsIn(await scriptText(script, base, true)))];
}

/** Where we may not look from its root, its paths are taken to be ours. */
async function baseOf(pid: number): Promise<Base> {
  const root = `/proc/${pid}/root`;
  const isSeen = await access(`${root}/`).then(
    () => true,
    () => false,
  );
  return { root: isSeen ? root : '/', cwd: `/proc/${pid}/cwd` };
}

function controlGroup(pid: number | 'self'): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  } catch {
    return '';
  }
}

/** There is always a first process. */
const isHiding = (): boolean => processAt(1) === null;
