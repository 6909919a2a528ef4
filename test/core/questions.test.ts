import { describe, expect, it } from 'vitest';
import type { Former, Instance, Slot } from '../../src/core/instance.ts';
import { adopts, candidates, heldBackBy, isForbidden, isUrgent, wayBack, wish } from '../../src/core/questions.ts';
import { id, instance, naming, nextOf, now, of, policy, probation, running, told } from './given.ts';
import { type Label, label, release, settingsOf } from './walk/names.ts';

const former = (l: Label, data: string | null = null): Former => ({ deployment: of(l), data });
const config = (n: number, initial: string | null = null): Instance['config'] => ({
  settings: settingsOf(n),
  initial: initial === null ? null : release(initial),
});
const pinned = (name: string, over: string | null = null): Instance['said'] => ({
  held: null,
  stopped: false,
  pinned: { release: release(name), over, forever: false },
  approved: [],
});

describe('what should come, best first', () => {
  it.each<[string, Partial<Instance>, readonly Label[]]>([
    ['nothing, where nothing is named', {}, []],
    ['what the chain names', { chain: naming('A') }, ['A1']],
    ['the first deployment, then that', { chain: naming('A'), config: config(1, 'I') }, ['I1', 'A1']],
    [
      'but no first deployment once anything was healthy',
      { chain: naming('A'), config: config(1, 'I'), proven: { I: [] } },
      ['A1'],
    ],
    ['the pin instead of the chain', { chain: naming('A'), said: pinned('B') }, ['B1']],
    [
      'an edit of what runs, then the wish',
      { slot: running('A1'), chain: naming('B'), config: config(2) },
      ['A2', 'B2'],
    ],
    ['an edit where nothing is named', { slot: running('A1'), config: config(2) }, ['A2']],
    [
      'no edit of what is on probation, but the wish',
      { slot: probation('A1'), chain: naming('B'), config: config(2) },
      ['B2'],
    ],
    ['an edit of what is on probation where nothing is wished', { slot: probation('A1'), config: config(2) }, ['A2']],
    [
      'what came with the runtime before the edit of what is not proven under it',
      { slot: running('A1', { verdict: 'unknown' }), chain: naming('B', { urgent: 'B' }), config: config(2) },
      ['B2', 'A2'],
    ],
    [
      'but after it where that is proven',
      { slot: running('A1'), chain: naming('B', { urgent: 'B' }), config: config(2), proven: { A: [1] } },
      ['A2', 'B2'],
    ],
  ])('%s', (_, more, labels) => {
    expect(candidates(instance(more), policy).map(label)).toEqual(labels);
  });

  it('and nothing that its settings cannot be rendered for', () => {
    const bare = { ...release('A'), version: null };
    const settings = { ...settingsOf(1), args: ['{version}'] };
    const i = instance({ chain: { ...naming('A'), named: bare }, config: { settings, initial: null } });
    expect(candidates(i, policy)).toEqual([]);
  });
});

describe('the way back', () => {
  const onTrial = (more: Partial<Instance>) => instance({ slot: probation('B1'), proven: { A: [1], C: [1] }, ...more });

  it.each<[string, Instance, Label | null]>([
    ['the newest', onTrial({ formers: [former('A1'), former('C1')] }), 'A1'],
    ['none', onTrial({}), null],
    [
      'not what a person refused',
      onTrial({ formers: [former('A1'), former('C1')], bars: [{ by: 'person', checksum: 'A', deployment: null }] }),
      'C1',
    ],
    ['not what ran on other data', onTrial({ formers: [former('A1'), former('C1', 'u')], data: 'u' }), 'C1'],
    [
      'not what is not proven under the runtime',
      onTrial({ formers: [former('A1'), former('C1')], proven: { A: [], C: [1] } }),
      'C1',
    ],
    ['but the same bytes, proven or not', onTrial({ formers: [former('B2')] }), 'B2'],
    [
      'and anything, where no runtime is known',
      onTrial({ formers: [former('A1')], proven: {}, chain: naming('B', { specVersion: null }) }),
      'A1',
    ],
    [
      'nothing that was healthy under no known runtime, once one is',
      onTrial({ formers: [former('A1')], proven: { A: [] } }),
      null,
    ],
  ])('%s', (_, i, to) => {
    const way = wayBack(i, policy);
    expect(way && label(way.deployment)).toBe(to);
  });
});

describe('a downgrade', () => {
  const forbids = { ...policy, allowDowngrade: false };
  const here = (proven: Instance['proven'], more: Partial<Instance> = {}) =>
    instance({ slot: running('B1'), proven, ...more });

  it.each<[string, Instance, string, boolean]>([
    ['what was healthy here before', here({ A: [1], B: [1] }), 'A', true],
    ['what was gone back from', here({ B: [1], A: [1] }), 'A', false],
    ['what was never here', here({ B: [1] }), 'C', false],
    ['itself', here({ A: [1], B: [1] }), 'B', false],
    ['anything over nothing', instance(), 'A', false],
    [
      'of a probation: its former counts',
      here({ A: [1], C: [1] }, { slot: probation('B1'), formers: [former('C1')] }),
      'A',
      true,
    ],
  ])('%s', (_, i, name, isOne) => {
    expect(isForbidden(i, release(name), forbids)).toBe(isOne);
    expect(isForbidden(i, release(name), policy)).toBe(false);
  });

  it('by its version', () => {
    const older = { ...forbids, isDowngrade: () => true };
    expect(isForbidden(here({ B: [1] }), release('C'), older)).toBe(true);
    expect(wish(here({ B: [1] }, { chain: naming('C') }), older)).toBeNull();
  });

  it('is a person’s right', () => {
    expect(wish(here({ A: [1], B: [1] }, { said: pinned('A') }), forbids)).toEqual(release('A'));
  });
});

describe('what holds back what is staged', () => {
  const staged = (slot: Slot, more: Partial<Instance> = {}) =>
    instance({
      slot,
      chain: naming('B'),
      next: { at: 'staged', deployment: of('B1'), since: now },
      proven: { A: [1] },
      ...more,
    });
  const eve = naming('B', { upgradeAhead: true, pending: release('C') });
  const said = (more: Partial<Instance['said']>) => ({
    held: null,
    stopped: false,
    pinned: null,
    approved: [],
    ...more,
  });

  it.each<[string, Instance, string | null]>([
    ['nothing, where nothing serves', staged({ at: 'empty' }), null],
    ['nothing, once the verdict is known', staged(running('A1')), null],
    ['the verdict', staged(running('A1', { verdict: 'unknown' })), 'the verdict on what runs now'],
    ['the verdict on probation', staged(probation('A1')), 'the verdict on what runs now'],
    ['a person', staged(running('A1'), { said: said({ held: { since: now, until: null } }) }), 'held by a person'],
    ['a person’s stop', staged(running('A1'), { said: said({ stopped: true }) }), 'the client was stopped by a person'],
    ['the eve of a runtime', staged(running('A1'), { chain: eve }), 'the announced runtime upgrade'],
    ['no eve, where what serves ails', staged(running('A1', { verdict: 'unhealthy' }), { chain: eve }), null],
    ['no eve, where no release is pending for it', staged(running('A1'), { chain: { ...eve, pending: null } }), null],
    [
      'no verdict, where it came with the runtime',
      staged(running('A1', { verdict: 'unknown' }), { chain: naming('B', { urgent: 'B' }), proven: {} }),
      null,
    ],
    [
      'no verdict on a probation either',
      staged(probation('A1'), { chain: naming('B', { urgent: 'B' }), proven: {} }),
      null,
    ],
    [
      'but the verdict on what is proven under that runtime',
      staged(running('A1', { verdict: 'unknown' }), { chain: naming('B', { urgent: 'B' }) }),
      'the verdict on what runs now',
    ],
  ])('%s', (_, i, words) => {
    expect(heldBackBy(i, policy)).toBe(words);
  });
});

describe('urgent', () => {
  const urgent = naming('B', { urgent: 'B' });

  it.each<[string, Instance, Label, boolean]>([
    ['over nothing', instance({ chain: urgent }), 'B1', false],
    ['over itself', instance({ chain: urgent, slot: running('B1', { verdict: 'unknown' }) }), 'B2', false],
    ['another than came', instance({ chain: urgent, slot: running('A1', { verdict: 'unknown' }) }), 'C1', false],
    [
      'over what has failed since',
      instance({ chain: urgent, slot: running('A1', { verdict: 'unhealthy' }), proven: { A: [1] } }),
      'B1',
      true,
    ],
  ])('%s', (_, i, l, isOne) => {
    expect(isUrgent(i, of(l))).toBe(isOne);
  });

  it('ends when another is named', () => {
    const i = instance({ chain: urgent, slot: running('A1', { verdict: 'unknown' }) });
    const other = told(i, [
      {
        type: 'announced',
        current: release('C'),
        pending: null,
        upgradeAhead: false,
        specVersion: 1,
        block: 9,
        ready: [],
      },
    ]);
    expect(other.chain.urgent).toBeNull();
    expect(nextOf(other)).toBe('fetching C1');
  });
});

describe('a child that a dead supervisor left is adopted', () => {
  const stopped = { held: null, stopped: true, pinned: null, approved: [] };
  it.each<[string, Partial<Instance>, Label | null, boolean]>([
    ['where its deployment is the committed one', { slot: running('A1') }, 'A1', true],
    ['where its deployment is on probation', { slot: probation('B1') }, 'B1', true],
    ['not where there is none', { slot: running('A1') }, null, false],
    ['not where it is of another release', { slot: probation('B1') }, 'A1', false],
    ['not where it is of another edit', { slot: running('A2') }, 'A1', false],
    ['not where nothing serves', {}, 'A1', false],
    ['not where a person stopped it', { slot: running('A1'), said: stopped }, 'A1', false],
    ['not where it refused to start', { slot: running('A1', { verdict: 'down' }) }, 'A1', false],
    ['not where its bytes are lost', { slot: running('A1', { verdict: 'gone' }) }, 'A1', false],
  ])('%s', (_, value, orphan, expected) => {
    expect(adopts(instance(value), orphan === null ? null : id(orphan))).toBe(expected);
  });
});
