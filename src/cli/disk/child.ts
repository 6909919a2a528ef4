import { readFile, readlink } from 'node:fs/promises';
import { dial } from '../../agent/session.ts';
import type { Live } from '../../core/instance-status.ts';
import { formerSocket } from '../../daemon/agent/former.ts';
import type { InstanceFolder } from '../../layout.ts';
import { isRecorded, readRecord } from '../../process/child-record.ts';
import { machineTime } from '../../process/machine.ts';
import { holdersOf } from '../../process/who/holders.ts';
import { type Process, startedAt } from '../../process/who/processes.ts';
import { ownVersion } from '../version.ts';

/** The child that holds the locks of an instance, whether or not a daemon looks after it. */
export async function childByLock(folder: InstanceFolder): Promise<Live['child']> {
  const record = await readRecord(folder.childRecord);
  const holders = (await Promise.all((record?.locks ?? []).map(holdersOf))).flat();
  const child = holders.find((process) => isRecorded(process, record)) ?? holders[0];
  if (child === undefined) return null;
  return { pid: child.pid, startedAt: sinceEpoch(child), checksum: await checksumOf(child, folder) };
}

/** For the answer of an agent (ms). */
const PATIENCE = 2_000;

const sinceEpoch = (process: Process): number => Date.now() - (machineTime() - startedAt(process));

/** The child that an agent runs of it, where one answers: its process is in another container, and its lock tells nothing here. */
export async function childAtAgent(folder: InstanceFolder): Promise<Live['child']> {
  const socket = formerSocket(folder.agentRecord);
  if (socket === null) return null;
  const who = { version: ownVersion(), who: 'a person who looks', role: 'look' } as const;
  const found = await dial(socket, who, AbortSignal.timeout(PATIENCE)).catch(() => null);
  const running = found !== null && 'send' in found ? found.state().running : null;
  if (running === null || running.pid === null) return null;
  const text = await readFile(folder.deployment(running.deployment).record, 'utf8').catch(() => 'null');
  const checksum = (JSON.parse(text) as { release?: { checksum?: string } } | null)?.release?.checksum ?? null;
  return { pid: running.pid, startedAt: Date.now() - running.age, checksum };
}

/** Told by the path that it runs from; `null` where that is none of our deployments. */
async function checksumOf({ pid }: Process, folder: InstanceFolder): Promise<string | null> {
  const exe = await readlink(`/proc/${pid}/exe`).catch(() => '');
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [, id] = /\/deployments\/([0-9a-f]{64})\//.exec(`${exe}\0${words}`) ?? [];
  if (id === undefined) return null;
  const text = await readFile(folder.deployment(id).record, 'utf8').catch(() => 'null');
  return (JSON.parse(text) as { release?: { checksum?: string } } | null)?.release?.checksum ?? null;
}
