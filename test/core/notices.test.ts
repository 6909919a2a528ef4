import { expect, it } from 'vitest';
import type { InstanceEvent } from '../../src/core/events.ts';
import type { Instance } from '../../src/core/instance.ts';
import { notices } from '../../src/core/notices.ts';
import { announced, id, instance, naming, now, of, policy, probation, running, told } from './given.ts';
import { release } from './walk/names.ts';

const noTerms = { migrations: [], missing: [], specVersions: [], urgent: false, dataCompatible: false };

const formers = [{ deployment: of('A1'), data: null }];
const well = instance({ slot: running('A1'), chain: naming('A'), proven: { A: [1] } });
const onTrial = instance({ slot: probation('B1'), formers, proven: { A: [1] }, chain: naming('B') });
const committed = instance({ slot: running('B1'), formers, proven: { A: [1], B: [1] }, chain: naming('B') });
const staged: Instance = { ...well, chain: naming('B'), next: { at: 'staged', deployment: of('B1'), since: now } };

it.each<[string, Instance, InstanceEvent, readonly string[]]>([
  ['a release', well, announced('B'), ['announced']],
  ['the same again', well, announced('A', { block: 99 }), []],
  ['an empty entry', well, announced(null), ['withdrawn']],
  ['a runtime', well, announced('A', { specVersion: 2 }), ['runtime']],
  ['its bytes', told(well, [announced('B')]), { type: 'fetched', of: id('B1') }, ['fetched']],
  ['an open gate', staged, { type: 'cleared', of: id('B1') }, []],
  ['a commit', onTrial, { type: 'healthy', of: id('B1') }, ['committed']],
  ['a failure', onTrial, { type: 'unhealthy', of: id('B1'), reason: 'sick' }, ['failed', 'quarantined', 'rolledBack']],
  [
    'a failure without a way back',
    { ...onTrial, formers: [] },
    { type: 'unhealthy', of: id('B1'), reason: 'sick' },
    ['unhealthy', 'failed'],
  ],
  ['a recall', onTrial, announced('A'), ['announced', 'recalled']],
  ['a person’s no', committed, { type: 'rejected' }, ['asked', 'rolledBack']],
  ['lost bytes', committed, { type: 'spoiled', of: id('B1') }, ['spoiled', 'rolledBack']],
  [
    'lost bytes on probation',
    onTrial,
    { type: 'spoiled', of: id('B1') },
    ['spoiled', 'failed', 'quarantined', 'rolledBack'],
  ],
  ['an exit', well, { type: 'exited', of: id('A1'), final: false, uptime: 9, reason: 'code 1' }, ['exited']],
  ['a hold', well, { type: 'held', until: null }, ['held']],
])('what is told of %s', (_, before, event, names) => {
  expect(notices(before, event, told(before, [event]), policy).map((notice) => notice.event)).toEqual(names);
});

it.each([
  [true, 'obeyed'],
  [false, 'refused'],
])('a downgrade is told as one (allowDowngrade: %s)', (allowDowngrade, downgrade) => {
  const after = told(committed, [announced('A')]);
  expect(notices(committed, announced('A'), after, { ...policy, allowDowngrade })[0]).toMatchObject({
    event: 'announced',
    downgrade,
  });
  expect(notices(committed, announced('C'), told(committed, [announced('C')]), policy)[0]).not.toHaveProperty(
    'downgrade',
  );
});

it('that what is named has to wait is told with its reason, once, and again for another reason or release', () => {
  const needing = (name: 'B' | 'C', missing: readonly ('arguments' | 'data')[]) =>
    announced(name, { current: { ...release(name), terms: { ...noTerms, missing } } });
  const heard = (before: Instance, event: InstanceEvent) =>
    notices(before, event, told(before, [event]), policy).map(({ event: name, reason }) =>
      reason ? `${name}: ${reason}` : name,
    );
  const lacksData = 'waits: it needs a migration of data, which its source does not name yet';
  expect(heard(well, needing('B', ['data']))).toEqual(['announced', lacksData]);
  const waiting = told(well, [needing('B', ['data'])]);
  expect(heard(waiting, needing('B', ['data']))).toEqual([]);
  expect(heard(waiting, needing('B', ['arguments']))).toEqual([lacksData.replace('data', 'arguments')]);
  expect(heard(waiting, needing('C', ['data']))).toEqual(['announced', lacksData]);
  expect(heard(waiting, needing('B', []))).toEqual([]);
  const pinned: Instance = {
    ...well,
    said: { ...well.said, pinned: { release: release('A'), over: null, forever: true } },
  };
  expect(heard(pinned, needing('B', ['data']))).toEqual(['announced']);
});
