import { chmodSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { occupant } from '../../src/core/occupancy.ts';
import { homeAt } from '../../src/layout.ts';
import { stateOf } from '../faults/checks/disk.ts';
import type { Stage } from '../faults/stage.ts';
import type { Random } from '../support/random.ts';

/**
 * Alters a byte of the program that is to be started next, in its deployment or in the store, while no supervisor runs: what was
 * proved before the death is proved no longer. The client's own journal then tells whether such bytes ran.
 * @returns what was damaged; `null`: there was nothing yet
 */
export async function damageProgram(stage: Stage, random: Random): Promise<string | null> {
  const state = await stateOf(stage);
  const next = state === null || typeof state === 'string' ? null : occupant(state.slot);
  const { verified } = homeAt(stage.scene.home).store;
  const inStore = next && join(verified, next.release.checksum.slice(2));
  const laid =
    next &&
    namesIn(stage.folder.deployment(next.id).root).map((name) => join(stage.folder.deployment(next.id).root, name));
  const programs = [...(laid ?? []).filter((path) => !path.endsWith('.json')), ...(inStore === null ? [] : [inStore])];
  const there = programs.filter((path) => bytesOf(path) !== null);
  if (there.length === 0) return null;
  const path = random.pick(there);
  const bytes = bytesOf(path) ?? Buffer.alloc(0);
  // in the padding behind the program: it would run as well as ever
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  writeFileSync(`${path}.damaged`, bytes);
  chmodSync(`${path}.damaged`, 0o555);
  renameSync(`${path}.damaged`, path);
  stage.damaged.add(path);
  return path;
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
