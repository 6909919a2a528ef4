import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { contentOf } from '../../src/data/marker.ts';
import { asideOf, comingOf, finishPutBack, putBack } from '../../src/data/put-back.ts';
import { type DataRoom, dataRoom, never } from '../support/data-room.ts';

const text = ({ dir }: DataRoom) => readFile(join(dir, 'table'), 'utf8');

/** What a death may leave at each step. */
const deaths: readonly (readonly [string, (room: DataRoom) => Promise<unknown>])[] = [
  ['nothing was done yet', async () => {}],
  [
    'what comes is there by half',
    async ({ dir }) => {
      await mkdir(comingOf(dir));
      await writeFile(join(comingOf(dir), 'ta'), 'as');
    },
  ],
  ['what comes is whole', ({ dir, folder }) => cp(contentOf(folder), comingOf(dir), { recursive: true })],
  [
    'between the two names',
    async ({ dir, folder }) => {
      await cp(contentOf(folder), comingOf(dir), { recursive: true });
      await rename(dir, asideOf(dir));
    },
  ],
  [
    'what was there is removed by half',
    async ({ dir, folder }) => {
      await cp(dir, asideOf(dir), { recursive: true });
      await rm(join(asideOf(dir), 'other'));
      await rm(dir, { recursive: true });
      await cp(contentOf(folder), dir, { recursive: true });
    },
  ],
  [
    'what was there was removed first, for want of room',
    async ({ dir }) => {
      await rename(dir, asideOf(dir));
      await rm(join(asideOf(dir), 'other'));
    },
  ],
  [
    'and what comes is there by half',
    async ({ dir }) => {
      await rm(dir, { recursive: true });
      await mkdir(comingOf(dir));
    },
  ],
];

test.each(deaths)('a second call ends what a first one began: %s', async (_, death) => {
  const room = dataRoom();
  await writeFile(join(room.dir, 'table'), 'as it was');
  const backup = await room.backUp();
  await writeFile(join(room.dir, 'table'), 'half migrated');
  await writeFile(join(room.dir, 'other'), 'new');
  await death(room);
  await putBack(backup, () => {}, never);
  expect(await text(room)).toBe('as it was');
  expect(readdirSync(room.dir)).toEqual(['table']);
  expect(readdirSync(dirname(room.dir))).toEqual(['db']);
  await putBack(backup, () => {}, never);
  expect(await text(room)).toBe('as it was');
});

test('between the two names the data are found again without their backup', async () => {
  const room = dataRoom();
  await writeFile(join(room.dir, 'table'), 'as it was');
  await finishPutBack(room.dir);
  expect(await text(room)).toBe('as it was');
  await rename(room.dir, asideOf(room.dir));
  await finishPutBack(room.dir);
  expect(existsSync(room.dir)).toBe(false);
  await cp(asideOf(room.dir), comingOf(room.dir), { recursive: true });
  await finishPutBack(room.dir);
  expect(await text(room)).toBe('as it was');
  expect(readdirSync(dirname(room.dir))).toEqual(['db']);
});
