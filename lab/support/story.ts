import type { Instance } from '../../src/core/instance.ts';
import type { Built, Client } from './client/client.ts';
import type { Random } from './random.ts';

/** What the operator and the chain ask for, together. */
export interface Wanted {
  readonly built: Built;
  readonly edit: string;
  readonly isBad: boolean;
}

/** One round: what is asked for, and what must serve in the end, however often the power is cut on the way. */
export interface Story {
  readonly words: string;
  readonly wanted: Wanted;
  readonly end: Wanted;
  /** A person's hold is asked for on the way. */
  readonly hold: boolean;
}

/** @param good what serves now; `null`: nothing ever did */
export function nextStory(random: Random, client: Client, name: string, good: Wanted | null): Story {
  const padding = random.between(0, 3) * 2 ** 20;
  const built = (manner: 'steady' | 'broken'): Built => client.build(name, manner, padding);
  const to = (wanted: Wanted, words: string): Story => ({ words, wanted, end: wanted, hold: random.chance(0.2) });
  if (good === null) return to({ built: built('steady'), edit: name, isBad: false }, 'first start');
  const tries = (wanted: Wanted, words: string): Story => ({ words, wanted, end: good, hold: false });
  switch (random.pick(['update', 'update', 'both', 'edit', 'bad release', 'bad release', 'bad edit'] as const)) {
    case 'update':
      return to({ ...good, built: built('steady') }, 'update');
    case 'both':
      return to({ built: built('steady'), edit: name, isBad: false }, 'update and edit at once');
    case 'edit':
      return to({ ...good, edit: name }, 'edit of the args file');
    case 'bad release':
      return tries({ ...good, built: built('broken') }, 'release that crashes');
    case 'bad edit':
      return tries({ ...good, edit: name, isBad: true }, 'edit that the client refuses');
  }
}

/** The settings of a client that make the edit. */
export const settingsOf = ({ edit, isBad }: Wanted, witness: string): object => ({
  env: { EDIT: edit },
  args: ['--witness', witness, ...(isBad ? ['--unknown'] : [])],
});

/** Whether this is committed, and has proved itself. */
export function isCommitted({ slot }: Instance, { built, edit, isBad }: Wanted): boolean {
  if (slot.at !== 'running' || slot.verdict !== 'healthy') return false;
  const { release, env, args } = slot.deployment;
  return release.checksum === built.checksum && env['EDIT'] === edit && args.includes('--unknown') === isBad;
}
