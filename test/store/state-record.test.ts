import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { born } from '../../src/core/born.ts';
import { type Deployment, deploymentOf } from '../../src/core/deployment.ts';
import type { Bar, Instance, Next, Probation, Running, Slot } from '../../src/core/instance.ts';
import type { Release } from '../../src/core/release.ts';
import { homeAt, type InstanceFolder } from '../../src/layout.ts';
import { dropFormer, loadState, type StateFormat, saveState, stateFormat } from '../../src/store/state-record.ts';
import { checksumOf, failureOf, modeOf, namesIn, scratchFolder } from './scratch.ts';

const settings = { args: ['--keyname', '0x…'], env: { RUST_LOG: 'info' }, cwd: '/var/lib/vault', member: null };
const release = (text: string): Release => ({
  checksum: checksumOf(text),
  uri: `https://example.com/${text}`,
  version: '1.2.3',
});
const deployment = (text: string): Deployment => deploymentOf(release(text), settings);

const running: Running = {
  at: 'running',
  deployment: deployment('a'),
  verdict: 'healthy',
  reason: null,
  exits: 0,
  youngUntil: 5,
};
const probation: Probation = {
  at: 'probation',
  deployment: deployment('b'),
  verdict: 'unknown',
  reason: 'why',
  exits: 2,
  boots: 1,
  since: 7,
};
const newborn = born(settings, null);

const slots: readonly Slot[] = [
  { at: 'empty' },
  running,
  { ...running, verdict: 'gone', youngUntil: null },
  probation,
  { at: 'switching', from: running, to: deployment('b'), update: 'u1', migrations: [] },
  { at: 'switching', from: probation, to: deployment('c'), update: 'u1', migrations: [] },
  { at: 'reverting', to: probation, update: 'u2', data: null, attempt: 3, retryAt: 9 },
  { at: 'reverting', to: running, update: 'u2', data: null, attempt: 0, retryAt: null },
];
const nexts: readonly Next[] = [
  { at: 'fetching', deployment: deployment('c'), attempt: 1, retryAt: 3, reason: 'no answer' },
  { at: 'fetching', deployment: deployment('c'), attempt: 0, retryAt: null, reason: null },
  { at: 'staged', deployment: deployment('c'), since: 4 },
];
const failure = { by: 'failure', of: deployment('d'), attempts: 2, reason: 'crashed' } as const;
const bars: readonly Bar[] = [
  { ...failure, wait: { for: 'time', until: 10 } },
  { ...failure, wait: { for: 'former', until: 11 } },
  { ...failure, wait: { for: 'person' } },
  { ...failure, wait: { for: 'nothing' } },
  { by: 'person', checksum: checksumOf('d'), deployment: null },
  { by: 'person', checksum: checksumOf('d'), deployment: deployment('d') },
];

const full: Instance = {
  ...newborn,
  slot: running,
  bars,
  formers: [
    { deployment: deployment('e'), data: null },
    { deployment: deployment('f'), data: 'u1' },
  ],
  proven: { [checksumOf('a')]: [1, 2], [checksumOf('e')]: [] },
  data: 'u1',
  chain: {
    named: release('a'),
    pending: { ...release('b'), uri: null, version: null },
    upgradeAhead: true,
    specVersion: 9,
    block: 100,
    urgent: checksumOf('b'),
  },
  config: { settings: { ...settings, member: 'bin/vault' }, initial: release('e') },
  said: {
    held: { since: 1, until: null },
    stopped: true,
    pinned: { release: release('a'), over: null, forever: true },
    approved: [],
  },
};

async function scratchInstance(): Promise<InstanceFolder> {
  return homeAt(await scratchFolder()).instance('kintsugi', 'vault');
}

const everyVariant: readonly Instance[] = [
  newborn,
  full,
  ...slots.map((slot) => ({ ...full, slot })),
  ...nexts.map((next) => ({ ...full, next })),
  {
    ...full,
    said: {
      held: { since: 1, until: 2 },
      stopped: false,
      pinned: { release: release('a'), over: checksumOf('b'), forever: false },
      approved: [],
    },
  },
];

test.each(everyVariant)('what is saved is loaded: case %#', async (instance) => {
  const folder = await scratchInstance();
  expect(await loadState(folder)).toEqual({ found: 'none' });
  await saveState(folder, instance);
  expect(await loadState(folder)).toEqual({ found: 'state', instance, schema: 1 });
  expect(await namesIn(folder.root)).toEqual(['state.json']);
  expect([await modeOf(folder.root), await modeOf(folder.state)]).toEqual([0o700, 0o600]);
});

test('what is volatile is not on disk', async () => {
  const folder = await scratchInstance();
  const restless = { rest: 5, restarts: 3, turn: 8, livened: [1, 2], livenAt: 4 };
  await saveState(folder, { ...full, slot: { ...running, exits: 4 }, volatile: restless });
  expect(await loadState(folder)).toMatchObject({ instance: full });
  expect(await readFile(folder.state, 'utf8')).not.toMatch(/volatile|livened/);
});

const good = JSON.stringify(stateFormat.write(full));
/** The good record with some keys replaced; `undefined` leaves one out. */
const withKeys = (keys: object): string => JSON.stringify({ ...JSON.parse(good), ...keys });
const inside = (keys: object): string => withKeys({ instance: { ...JSON.parse(good).instance, ...keys } });

test.each<[string, string, RegExp]>([
  ['empty', '', /is damaged/],
  ['truncated', good.slice(0, -20), /is damaged/],
  ['zeros after a power cut', '\0'.repeat(200), /is damaged/],
  ['not JSON', 'state', /is damaged/],
  ['no object', '[1]', /is damaged: the record|is damaged: schema/],
  ['without a schema', '{}', /is damaged: schema/],
  ['a schema in words', withKeys({ schema: '1' }), /is damaged: schema/],
  ['a newer one', withKeys({ schema: 2 }), /has schema 2; this vaultvisor knows up to 1/],
  ['one from before the first', withKeys({ schema: 0 }), /is damaged: schema/],
  ['a wrong type', inside({ data: 7 }), /instance\.data/],
  ['an unknown key', inside({ surprise: 1 }), /surprise/],
  ['an unknown key beside the instance', withKeys({ surprise: 1 }), /surprise/],
  [
    'an unknown key within',
    inside({ said: { held: null, stopped: false, pinned: null, extra: 1 } }),
    /instance\.said.*extra/,
  ],
  ['a missing key', inside({ bars: undefined }), /instance\.bars/],
  ['an unknown slot', inside({ slot: { at: 'dancing' } }), /instance\.slot/],
  ['a path for a checksum', inside({ proven: { '../../etc': [] } }), /instance\.proven/],
  ['a paint job', inside({ '\u001b[2J': 1 }), /\\x1b/],
])('a record that is %s is refused with words, by load and by save, and stays as it is', async (_, text, says) => {
  const folder = await scratchInstance();
  await saveState(folder, newborn);
  await writeFile(folder.state, text);
  const error = await failureOf(loadState(folder));
  expect(error).toMatchObject({ name: 'VisorError', code: 'config', next: expect.stringContaining('left as it is') });
  expect(String(error)).toMatch(says);
  expect(String(error)).not.toContain('\u001b');
  expect(await failureOf(saveState(folder, full))).toMatchObject({ code: 'config' });
  expect(await readFile(folder.state, 'utf8')).toBe(text);
});

test('a value that could not be read again is not written', async () => {
  const folder = await scratchInstance();
  await saveState(folder, newborn);
  const error = await failureOf(
    saveState(folder, { ...full, slot: { ...running, youngUntil: Number.POSITIVE_INFINITY } }),
  );
  expect(error).toMatchObject({ code: 'bug', message: expect.stringContaining('youngUntil') });
  expect(await loadState(folder)).toMatchObject({ instance: newborn });
});

const laterFormat: StateFormat = {
  schema: 2,
  readers: { ...stateFormat.readers, 2: (raw) => stateFormat.readers[1]!({ ...(raw as object), schema: 1 }) },
  write: (instance) => ({ ...stateFormat.write(instance), schema: 2 }),
};

test('an older record is read; its file is kept until the commit, then dropped', async () => {
  const folder = await scratchInstance();
  await saveState(folder, full);
  const older = await readFile(folder.state, 'utf8');
  expect(await loadState(folder, laterFormat)).toEqual({ found: 'state', instance: full, schema: 1 });
  expect(await namesIn(folder.root)).toEqual(['state.json']);
  await saveState(folder, newborn, laterFormat);
  await saveState(folder, { ...newborn, data: 'u1' }, laterFormat);
  expect(await readFile(folder.formerState, 'utf8')).toBe(older);
  expect(await modeOf(folder.formerState)).toBe(0o600);
  expect(await loadState(folder, laterFormat)).toMatchObject({ instance: { data: 'u1' }, schema: 2 });
  expect(String(await failureOf(loadState(folder)))).toMatch(/has schema 2.*/);
  expect(await failureOf(saveState(folder, full))).toMatchObject({ code: 'config' });
  await dropFormer(folder);
  await dropFormer(folder);
  expect(await namesIn(folder.root)).toEqual(['state.json']);
});

test('a folder that cannot be written leaves the former record', async () => {
  const folder = await scratchInstance();
  await saveState(folder, newborn);
  await writeFile(`${folder.root}.file`, '');
  const blocked = { ...folder, root: `${folder.root}.file/below`, state: `${folder.root}.file/below/state.json` };
  expect(await failureOf(saveState(blocked, full))).toMatchObject({ name: 'VisorError', code: 'io' });
  expect(await loadState(folder)).toMatchObject({ instance: newborn });
});
