import { mkdir, mkdtemp, rename, rm, symlink, truncate, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchPlaces } from '../../src/config/watch/places.ts';
import { watchFile } from '../../src/config/watch.ts';

let folder: string;
let file: string;
let told: number;
let end: AbortController;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vv-watch-'));
  file = join(folder, 'args.json');
  told = 0;
  end = new AbortController();
  await writeFile(file, 'one');
});

afterEach(async () => {
  end.abort();
  await rm(folder, { recursive: true, force: true });
});

const watching = (path = file) =>
  watchFile(
    path,
    () => {
      told += 1;
    },
    end.signal,
  );

async function toldAfter(act: () => Promise<unknown>): Promise<number> {
  const before = told;
  await act();
  await vi.waitFor(() => expect(told).toBeGreaterThan(before), { timeout: 20_000, interval: 5 });
  await wait(200);
  return told - before;
}

/** For what happens at one instant; a write in place is two, and told once only if they follow each other closely. */
const toldOnceAfter = async (act: () => Promise<unknown>) => expect(await toldAfter(act)).toBe(1);

test('a write in place', async () => {
  await watching();
  await toldAfter(() => writeFile(file, 'two'));
  await toldAfter(() => writeFile(file, 'six'));
});

test("an editor's rename over it, again and again", async () => {
  await watching();
  for (const text of ['two', 'three']) {
    await writeFile(`${file}.tmp`, text);
    await toldOnceAfter(() => rename(`${file}.tmp`, file));
  }
});

test('the steps of an editor that keeps a backup', async () => {
  await watching();
  await toldAfter(async () => {
    await rename(file, `${file}~`);
    await writeFile(file, '');
    await writeFile(file, 'two');
    await unlink(`${file}~`);
  });
});

test('truncation', async () => {
  await watching();
  await toldOnceAfter(() => truncate(file));
});

test('a removal and a return', async () => {
  await watching();
  await toldOnceAfter(() => unlink(file));
  await toldAfter(() => writeFile(file, 'one'));
});

test('a file that is not there yet, in a folder that is not there yet', async () => {
  const late = join(folder, 'later', 'args.json');
  await watching(late);
  await mkdir(join(folder, 'later'));
  await toldAfter(() => writeFile(late, 'one'));
});

test('a folder that is removed and made anew', async () => {
  const sub = join(folder, 'sub');
  await mkdir(sub);
  await writeFile(join(sub, 'args.json'), 'one');
  await watching(join(sub, 'args.json'));
  await toldOnceAfter(() => rm(sub, { recursive: true }));
  await toldAfter(async () => {
    await mkdir(sub);
    await writeFile(join(sub, 'args.json'), 'one');
  });
  await toldAfter(() => writeFile(join(sub, 'args.json'), 'two'));
});

/** As the kubelet writes: args.json → ..data/args.json, ..data → ..<time>, swapped by a rename. */
async function configMap(): Promise<(version: string) => Promise<void>> {
  await unlink(file);
  const publish = async (version: string) => {
    await mkdir(join(folder, `..${version}`));
    await writeFile(join(folder, `..${version}`, 'args.json'), version);
    await symlink(`..${version}`, join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  await publish('1');
  await symlink('..data/args.json', file);
  return publish;
}

test("the swap of a ConfigMap's ..data", async () => {
  const publish = await configMap();
  await watching();
  await toldOnceAfter(() => publish('2'));
  await toldOnceAfter(() => publish('3'));
});

test('a write to the file that links lead to, also after the links were swapped', async () => {
  const publish = await configMap();
  await watching();
  await toldOnceAfter(() => publish('2'));
  await toldAfter(() => writeFile(join(folder, '..2', 'args.json'), 'by hand'));
});

test('a folder on the way that is a link', async () => {
  await mkdir(join(folder, 'a'));
  await mkdir(join(folder, 'b'));
  await writeFile(join(folder, 'a', 'args.json'), 'a');
  await writeFile(join(folder, 'b', 'args.json'), 'b');
  await symlink('a', join(folder, 'now'));
  await watching(join(folder, 'now', 'args.json'));
  await symlink('b', join(folder, 'new'));
  await toldOnceAfter(() => rename(join(folder, 'new'), join(folder, 'now')));
});

test('the kernel is asked about every folder in which the way may be bent', async () => {
  await configMap();
  expect(await watchPlaces(file)).toEqual(new Set([folder, join(folder, '..data'), join(folder, '..1')]));
  expect(await watchPlaces(join(folder, '..data', 'args.json'))).toEqual(
    new Set([join(folder, '..data'), folder, join(folder, '..1')]),
  );
});

test('what happens between the call and its answer is not missed', async () => {
  await toldAfter(async () => {
    const ready = watching();
    await writeFile(file, 'two');
    await ready;
  });
});

test('what happens beside it is no change, nor is being read', async () => {
  await watching();
  await writeFile(join(folder, 'other'), 'x');
  await utimes(folder, new Date(), new Date());
  await wait(400);
  expect(told).toBe(0);
});

test('links in a circle and a path through a file are watched without a word', async () => {
  await symlink('b', join(folder, 'a'));
  await symlink('a', join(folder, 'b'));
  await watching(join(folder, 'a'));
  await watching(join(file, 'args.json'));
  await wait(300);
  expect(told).toBe(0);
});

test('after the end nothing is told', async () => {
  await watching();
  end.abort();
  await writeFile(file, 'two');
  await wait(400);
  expect(told).toBe(0);
});
