import { learn } from '../../put-in.ts';
import type { Cell } from './cell.ts';
import { startsOf } from './discretion.ts';

/**
 * Reads the secrets that the client's start only names, so that those of runs before this daemon are known too.
 * Those of an agent's client are not ours to read.
 */
export async function learnSecrets(cell: Cell): Promise<void> {
  const config = cell.config();
  if (config.agent !== null) return;
  await Promise.all(startsOf(config, cell.value()).map((start) => learn(start, cell)));
}
