import { ask } from '../client.ts';
import { type Shell, scripts } from '../completion-scripts.ts';
import type { Context } from '../context.ts';
import { clientsOnDisk } from '../disk/in-force.ts';
import { type Candidate, nextOf } from '../grammar/candidates.ts';
import { createGrammar } from '../grammar.ts';
import { type Located, locate } from '../home.ts';
import { nameOf, type Placed } from '../pick.ts';

/** Prints what a shell has to read once; that asks `complete` at each Tab. */
export async function completion([shell]: string[], _options: object, context: Context): Promise<number> {
  context.say(scripts[shell as Shell].trim());
  return 0;
}

/** A line for each word that may stand next, with what it means after a tab; `:files`: a file's name. For the scripts alone. */
export async function complete(words: string[], _options: object, context: Context): Promise<number> {
  const next = nextOf(words, createGrammar());
  if (next.is === 'file') context.say(':files');
  const found = next.is === 'words' ? next.words : next.is === 'place' ? await places(words, context) : [];
  for (const { word, tells } of found) context.say(tells === '' ? word : `${word}\t${tells.replace(/\s+/g, ' ')}`);
  return 0;
}

/** Milliseconds that a Tab waits for a daemon. */
const PATIENCE = 500;

/** From disk, so that a Tab waits for no daemon, but for members of `control.group`. Where nothing can be read, nothing is offered. */
async function places(words: readonly string[], context: Context): Promise<readonly Candidate[]> {
  const file = words[words.indexOf('--config') + 1];
  const on = words.includes('--config') && file !== undefined ? { ...context, file } : context;
  const known = await locate(on)
    .then((located) => clientsOnDisk(located).catch(() => asReader(located)))
    .catch(() => []);
  const all = known.flatMap((one) => [
    { word: nameOf(one), tells: 'a client' },
    { word: one.network, tells: 'all of a network' },
  ]);
  const current = words.at(-1) ?? '';
  return [...new Map(all.map((one) => [one.word, one])).values()].filter(({ word }) => word.startsWith(current));
}

async function asReader({ home }: Located): Promise<readonly Placed[]> {
  const answer = await ask<{ clients: readonly Placed[] }>(home, {
    method: 'GET',
    path: '/v1/clients',
    patience: PATIENCE,
  });
  return answer?.clients ?? [];
}
