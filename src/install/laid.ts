import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment, DeploymentId, Settings } from '../core/deployment.ts';
import type { InstanceFolder } from '../layout.ts';
import { argsText, parseRecord, startOf } from './deployment-record.ts';
import { systemCode, withWords } from './durable.ts';
import { areWhole } from './laid-files.ts';
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
  /** What it is started with. */
  readonly start: Pick<Settings, 'args' | 'env'>;
  /** SHA-256 of its config files, by their names; they lie in `files/` beside the program. */
  readonly files: Readonly<Record<string, string>>;
}

/** What lies on disk of a deployment, hashed in full; `null` if it is missing, incomplete or damaged. */
export async function openLaid(
  folder: InstanceFolder,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<Laid | null> {
  const place = folder.deployment(deployment.id);
  const record = parseRecord((await readIfThere(place.record)) ?? '', deployment);
  if (record === null) return null;
  const start = startOf(deployment, record.result ?? null, place.files);
  const files = record.result?.files ?? {};
  if ((await readIfThere(place.args)) !== argsText(start) || !(await areWhole(place.files, files))) return null;
  const program = join(place.root, record.name);
  const hashed = await hashProgram(program, signal).catch((thrown: unknown) => {
    throw withWords(`The program ${program} cannot be read`, thrown);
  });
  if (hashed === null || hashed.sha256 !== record.sha256) return null;
  return { id: deployment.id, program, name: record.name, ...hashed, start, files };
}

/** Whether its config files still have the bytes that were laid out: a client may have written into them. */
export const filesAreWhole = (folder: InstanceFolder, { id, files }: Laid): Promise<boolean> =>
  areWhole(folder.deployment(id).files, files);

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
