import { readFileSync } from 'node:fs';
import { storyOf, type Tone, toldEvents } from '../../src/observe/words/story.ts';
import { code, type Page, page, table } from './page.ts';
import { sources } from './sources.ts';

/** Every event of the history, as the sources write them down, told as `history` and the page tell them. */
export function eventsPage(): Page {
  const names = eventNames();
  const untold = names.filter((name) => !toldEvents.includes(name));
  if (untold.length > 0) throw new Error(`src/observe/words/story.ts has no sentence for ${untold.join(', ')}`);
  const rows = names.map((event) => {
    const { tone, words } = storyOf({ event, ...example });
    return [code(event), tones[tone], words];
  });
  return page(
    'events.md',
    'Reference: events',
    'Every event that the history can hold, and how it is told of a release 1.3.0. What `history --json` has beside the name, and what to do about it, tells [commands.md](../commands.md#history).',
    table(['event', '', 'as it is told'], rows),
  );
}

/** By the objects in the sources that have one. */
function eventNames(): readonly string[] {
  const written = sources()
    .filter((file) => /\/src\/(core\/notices|daemon)\//.test(file))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bevent: (?:\w+ \? )?'(\w+)'(?: : '(\w+)')?/g)])
    .flatMap(([, one, other]) => [one ?? [], other ?? []].flat());
  return [...new Set(written)].sort();
}

const example = {
  version: '1.3.0',
  block: 4711,
  specVersion: 1_025_000,
  reason: '…',
  about: '…',
  gate: '…',
  action: '…',
  by: 'root',
  to: 'stopped',
};

const tones: Readonly<Record<Tone, string>> = {
  good: 'as it should be',
  bad: 'it failed',
  care: 'look at it',
  plain: '',
};
