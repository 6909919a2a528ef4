import { copyFile, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { durable } from '../core/born.ts';
import type { Instance } from '../core/instance.ts';
import { printable, sentenceOf, VisorError } from '../errors.ts';
import { makeFolder, syncFolder } from '../folders.ts';
import type { InstanceFolder } from '../layout.ts';
import { writeAtomic } from './atomic-write.ts';
import { codeOf, diskError } from './files/file-errors.ts';
import { readSchema1, writeSchema1 } from './state-schema.ts';

/** What is on disk of an instance. `schema` is the version that it was written with. */
export type Loaded =
  | { readonly found: 'none' }
  | { readonly found: 'state'; readonly instance: Instance; readonly schema: number };

/** The versions of the record. Every version that was ever released stays among the readers. */
export interface StateFormat {
  /** The version that is written. */
  readonly schema: number;
  readonly readers: Readonly<Record<number, (raw: unknown) => Instance>>;
  readonly write: (instance: Instance) => object;
}

export const stateFormat: StateFormat = {
  schema: 1,
  readers: { 1: readSchema1 },
  write: (instance) => {
    const { volatile, ...stored } = durable(instance);
    return writeSchema1(stored);
  },
};

/**
 * The instance as it was saved last, at rest.
 * @throws VisorError `config` for a record that is damaged or of a newer vaultvisor: it is left as it is, and nothing is guessed from it;
 *   `io` or `permission` where it cannot be read
 */
export async function loadState(folder: InstanceFolder, format = stateFormat): Promise<Loaded> {
  const found = await readRecord(folder, format);
  if (found === null) return { found: 'none' };
  const read = format.readers[found.schema];
  if (read === undefined) throw tooOld(folder, found.schema);
  try {
    return { found: 'state', instance: read(found.raw), schema: found.schema };
  } catch (error) {
    throw damaged(folder, error);
  }
}

/**
 * Saves the instance as one act. The first save over a record of an older schema leaves a copy of it in `state.former.json`.
 * @throws VisorError `config` rather than overwrite what `loadState` would refuse; `io` or `permission`; `bug` for a value that could not
 *   be read again. The former record then still stands.
 */
export async function saveState(folder: InstanceFolder, instance: Instance, format = stateFormat): Promise<void> {
  const text = textOf(instance, format);
  try {
    await makeFolder(folder.root, 0o700);
    const former = await loadState(folder, format);
    if (former.found === 'state' && former.schema < format.schema) await keepFormer(folder);
    await writeAtomic(folder.state, text);
  } catch (error) {
    throw diskError(error, `could not save the state of this client (${folder.state})`);
  }
}

/** Once an update is committed, nobody goes back to the vaultvisor that wrote the former record. */
export async function dropFormer(folder: InstanceFolder): Promise<void> {
  await rm(folder.formerState, { force: true });
}

async function readRecord(
  folder: InstanceFolder,
  format: StateFormat,
): Promise<{ schema: number; raw: unknown } | null> {
  const text = await readText(folder.state);
  if (text === null) return null;
  const found = parse(folder, text);
  if (found.schema > format.schema) throw tooNew(folder, found.schema, format.schema);
  return found;
}

function parse(folder: InstanceFolder, text: string): { schema: number; raw: unknown } {
  try {
    const raw: unknown = JSON.parse(text);
    const { schema } = z.object({ schema: z.int().positive() }).parse(raw);
    return { schema, raw };
  } catch (error) {
    throw damaged(folder, error);
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw diskError(error, `could not read ${path}`);
  }
}

async function keepFormer(folder: InstanceFolder): Promise<void> {
  await copyFile(folder.state, folder.formerState);
  await syncFolder(folder.root);
}

function textOf(instance: Instance, format: StateFormat): string {
  try {
    return `${JSON.stringify(format.write(instance), null, 1)}\n`;
  } catch (error) {
    throw new VisorError(
      'bug',
      `a state that could not be read again was not saved: ${sentence(error)}`,
      'Report this, please, with this line.',
      { cause: error },
    );
  }
}

const damaged = (folder: InstanceFolder, cause: unknown): VisorError =>
  new VisorError(
    'config',
    `${folder.state} is damaged: ${sentence(cause)}`,
    'It is left as it is and this client stays down. Put back a copy of the file, or move it away to begin anew with what the chain names.',
    { cause },
  );

const tooNew = (folder: InstanceFolder, schema: number, ours: number): VisorError =>
  new VisorError(
    'config',
    `${folder.state} has schema ${schema}; this vaultvisor knows up to ${ours}`,
    `It is left as it is and this client stays down. Start the newer vaultvisor again, or move ${folder.formerState} to its place if it is there.`,
  );

const tooOld = (folder: InstanceFolder, schema: number): VisorError =>
  new VisorError(
    'config',
    `${folder.state} has schema ${schema}, which was never released`,
    'It is left as it is and this client stays down. Put back a copy of the file, or move it away to begin anew with what the chain names.',
  );

/** zod's issues in one line, each with its path. */
function sentence(error: unknown): string {
  if (!(error instanceof z.ZodError)) return sentenceOf(error);
  return printable(
    error.issues
      .slice(0, 3)
      .map((issue) => `${issue.path.join('.') || 'the record'}: ${issue.message}`)
      .join('; '),
  );
}
