import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment, DeploymentId } from '../core/deployment.ts';
import type { InstanceFolder } from '../layout.ts';
import { argsText, parseRecord } from './deployment-record.ts';
import { systemCode, withWords } from './durable.ts';
import { hashProgram, type Stamp, sameStamp, stampProgram } from './program-file.ts';

/** A deployment whose files lie on disk, complete, and whose program was hashed in full. */
export interface Laid {
  readonly id: DeploymentId;
  /** Absolute path of the program. */
  readonly program: string;
  /** Its file name; the child's `comm` is its first 15 characters. */
  readonly name: string;
  /** Of the program, 64 hex digits. */
  readonly sha256: string;
  readonly stamp: Stamp;
}

/** What lies on disk of a deployment, hashed in full; `null` if it is missing, incomplete or damaged. */
export async function openLaid(
  folder: InstanceFolder,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<Laid | null> {
  const files = folder.deployment(deployment.id);
  const record = parseRecord((await readIfThere(files.record)) ?? '', deployment);
  if (record === null || (await readIfThere(files.args)) !== argsText(deployment)) return null;
  const program = join(files.root, record.name);
  const hashed = await hashProgram(program, signal).catch((thrown: unknown) => {
    throw withWords(`The program ${program} cannot be read`, thrown);
  });
  if (hashed === null || hashed.sha256 !== record.sha256) return null;
  return { id: deployment.id, program, name: record.name, ...hashed };
}

/**
 * Whether the program still has the bytes that were hashed: at once where fstat is unchanged, else it is hashed again.
 * Meant for the moment before the spawn.
 */
export async function verifyProgram(laid: Laid, signal: AbortSignal): Promise<boolean> {
  try {
    const stamp = stampProgram(laid.program);
    if (stamp === null || sameStamp(stamp, laid.stamp)) return stamp !== null;
    return (await hashProgram(laid.program, signal))?.sha256 === laid.sha256;
  } catch (thrown) {
    throw withWords(`The program ${laid.program} cannot be read`, thrown);
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'EIO'].includes(systemCode(thrown) ?? '')) return null;
    throw withWords(`${path} cannot be read`, thrown);
  }
}
