import { describe, expect, it } from 'vitest';
import { deploymentOf } from '../../src/core/deployment.ts';
import type { Instance } from '../../src/core/instance.ts';
import { isUnordered, onArguments, onData, seenByData } from '../../src/core/migrations.ts';
import { withSettings } from '../../src/core/questions.ts';
import type { Migration, Release, Terms } from '../../src/core/release.ts';
import { unfit } from '../../src/core/unfit.ts';
import { announced, instance, policy, running, told, wanted } from './given.ts';
import { settingsOf } from './walk/names.ts';

const nothing: Terms = { migrations: [], missing: [], specVersions: [], urgent: false, dataCompatible: false };
const step = (kind: Migration['kind'], to: string | null): Migration => ({
  kind,
  checksum: `${kind} ${to}`,
  uri: null,
  to,
});
const steps = (kind: Migration['kind'], ...versions: readonly (string | null)[]) =>
  versions.map((to) => step(kind, to));

const release = (
  version: string | null,
  migrations: readonly Migration[] = [],
  more: Partial<Terms> = {},
): Release => ({
  checksum: `sum ${version}`,
  uri: null,
  version,
  terms: { ...nothing, migrations, ...more },
});

const serving = (of: Release, migrations: readonly Migration[] = [], more: Partial<Instance> = {}): Instance =>
  instance({ slot: { ...running('A1'), deployment: deploymentOf(of, settingsOf(1), migrations) }, ...more });

const all = [...steps('arguments', '1.1', '1.2', '1.3', '1.4'), ...steps('data', '1.2', '1.3', '1.4')];

describe('where the chain keeps a migration for each version', () => {
  const at10 = serving(release('1.0'));

  it('releases that were skipped leave theirs on the way, in order', () => {
    const to = release('1.3', all);
    expect(onArguments(at10, to)).toEqual(steps('arguments', '1.1', '1.2', '1.3'));
    expect(onData(at10, to)).toEqual(steps('data', '1.2', '1.3'));
  });

  it('the first release of all needs none: the file is written for it, and there are no data', () => {
    const to = release('1.3', all);
    expect([onArguments(instance(), to), onData(instance(), to)]).toEqual([[], []]);
  });

  it('the next update carries what was applied, and adds its own', () => {
    const carried = steps('arguments', '1.1', '1.2');
    expect(onArguments(serving(release('1.2', all), carried), release('1.4', all))).toEqual(
      steps('arguments', '1.1', '1.2', '1.3', '1.4'),
    );
  });

  it('an edit of what runs has the same migrations again, in another deployment', () => {
    const carried = steps('arguments', '1.1', '1.2');
    const i = serving(release('1.2', all), carried, { config: { settings: settingsOf(2), initial: null } });
    const [edited] = withSettings(i, release('1.2', all));
    expect(edited?.migrations).toEqual(carried);
    expect(edited?.id).not.toBe(i.slot.at === 'running' && i.slot.deployment.id);
  });

  it('arguments that the operator has adopted are passed over, and are another deployment', () => {
    const carried = steps('arguments', '1.1', '1.2');
    const settings = { ...settingsOf(1), migrated: ['arguments 1.1', 'arguments 1.2'] };
    const adopted = deploymentOf(release('1.2'), settings, carried);
    expect(adopted.id).toBe(deploymentOf(release('1.2'), settingsOf(1)).id);
    expect(adopted.id).not.toBe(deploymentOf(release('1.2'), settingsOf(1), carried).id);
  });

  it('a downgrade leaves behind what leads beyond it', () => {
    const i = serving(release('1.3', all), steps('arguments', '1.1', '1.2', '1.3'));
    expect(onArguments(i, release('1.2', all))).toEqual(steps('arguments', '1.1', '1.2'));
  });

  it('without a version on either side their order cannot be told, and it waits as pending', () => {
    const i = serving(release(null));
    expect(isUnordered(i, release('1.3', all))).toBe(true);
    expect(unfit(i, release('1.3', all), policy)).toContain('a version is missing');
    expect(unfit(serving(release('1.0')), release(null, all), policy)).toContain('a version is missing');
    expect(isUnordered(i, release('1.3', [step('arguments', null)]))).toBe(false);
  });
});

describe('where the migration belongs to the release itself', () => {
  it('it runs from whatever version', () => {
    const to = release(null, [step('arguments', null), step('data', null)]);
    const i = serving({ ...release(null), checksum: 'former' });
    expect([onArguments(i, to), onData(i, to)]).toEqual([steps('arguments', null), steps('data', null)]);
  });

  it('a release that misses one waits as pending, and says for which', () => {
    const to = release('2.0', [], { missing: ['data'] });
    expect(unfit(serving(release('1.0')), to, policy)).toContain('a migration of data');
  });
});

it('data that a release began are in its own form: what leads to that is never run on them', () => {
  const to = release('1.3', all);
  const first = told(instance(), [
    { ...announced(null), current: to },
    { type: 'fetched', of: deploymentOf(to, settingsOf(1)).id },
    { type: 'cleared', of: deploymentOf(to, settingsOf(1)).id },
  ]);
  expect(first.slot.at).toBe('probation');
  expect(seenByData(first)).toEqual(['data 1.2', 'data 1.3']);
});

describe('data', () => {
  const moved = serving(release('1.0'), [], {
    data: 'u2',
    updates: { u2: { from: 'u1', seen: ['data 1.2', 'data 1.3'] } },
  });

  it('what they have seen is not run again', () => {
    expect(seenByData(moved)).toEqual(['data 1.2', 'data 1.3']);
    expect(onData(moved, release('1.4', all))).toEqual(steps('data', '1.4'));
  });

  it('without a folder nothing that migrates them enters', () => {
    const i = serving(release('1.0'));
    expect(unfit(i, release('1.3', all), { ...policy, hasDataDir: false })).toContain('data.dir');
    expect(unfit(i, release('1.3', all), policy)).toBeNull();
    expect(unfit(i, release('1.1', all), { ...policy, hasDataDir: false })).toBeNull();
  });
});

it('a migration that is named after its release was staged is not missed', () => {
  const [bare, whole] = [release('1.3'), release('1.3', all)];
  const staged = told(serving(release('1.0')), [
    { ...announced(null), current: bare },
    { type: 'fetched', of: deploymentOf(bare, settingsOf(1)).id },
  ]);
  expect(staged.next?.at).toBe('staged');
  const again = told(staged, [
    { ...announced(null), current: { ...whole, terms: { ...nothing, migrations: steps('data', '1.2') } } },
  ]);
  expect(again.next?.at).toBe('fetching');
  expect(wanted(again).find((task) => task.do === 'download')).toMatchObject({ needs: steps('data', '1.2') });
});

it.each([
  [[], 7, null],
  [[[1, 7]] as const, 7, null],
  [
    [
      [1, 3],
      [9, 9],
    ] as const,
    9,
    null,
  ],
  [
    [
      [1, 3],
      [9, 9],
    ] as const,
    4,
    'it serves the spec versions 1–3, 9, and the chain has 4',
  ],
  [[[1, 3]] as const, null, null],
])('serving the spec versions %j under %j', (specVersions, specVersion, words) => {
  const i = serving(release('1.0'));
  const under = { ...i, chain: { ...i.chain, specVersion } };
  expect(unfit(under, release('1.1', [], { specVersions }), policy)).toBe(words);
});
