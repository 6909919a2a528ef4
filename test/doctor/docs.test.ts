import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { groups } from '../../src/doctor/catalogue.ts';
import { allRows } from './rows/all.ts';

const page = readFileSync(new URL('../../docs/doctor.md', import.meta.url), 'utf8');
const ids = groups.flatMap(({ checks }) => checks.map(({ id }) => id));

test('docs/doctor.md tells of every check under its id, in their order, and of no other', () => {
  expect([...page.matchAll(/^### (.+)$/gm)].map(([, title]) => title)).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(25);
});

/** Conditions that take a process, a daemon or a machine of their own. */
const elsewhere = {
  ill: {
    'sick-machine': [
      'memory',
      'open-files',
      'processes-seen',
      'tini',
      'node-version',
      'clock-synchronised',
      'data-reflink',
    ],
    daemon: ['daemon-version', 'clients', 'orphans'],
  },
  well: {
    'sick-machine': ['node-version', 'clock-synchronised', 'data-reflink'],
    daemon: ['daemon-answers', 'daemon-version', 'clients'],
  },
};

test.each(['ill', 'well'] as const)('of every check there is a condition that it calls %s', (which) => {
  const inRows = allRows.filter(({ state }) => state !== 'skipped' && (state === 'well') === (which === 'well'));
  const others = Object.values(elsewhere[which]).flat();
  expect([...new Set([...inRows.map(({ id }) => id), ...others])].sort()).toEqual([...ids].sort());
  for (const [file, named] of Object.entries(elsewhere[which])) {
    const text = readFileSync(new URL(`./${file}.test.ts`, import.meta.url), 'utf8');
    const short = { memory: 'ofMemory', 'open-files': 'ofFiles', 'node-version': 'ofNode' } as Record<string, string>;
    for (const id of named) expect(text).toContain(short[id] ?? `'${id}'`);
  }
});
