import { expect, it } from 'vitest';
import type { Instance } from '../../src/core/instance.ts';
import type { Live } from '../../src/core/instance-status.ts';
import { statusOf } from '../../src/core/status.ts';
import { instance, naming, of, policy, probation, running } from './given.ts';

const live: Live = {
  child: { pid: 7, startedAt: 0, checksum: 'A' },
  configured: true,
  chain: null,
  blocked: null,
  strangers: [],
  trouble: null,
  failing: null,
  guard: null,
  gate: null,
  progress: null,
};
const shown = (i: Instance, more: Partial<Live> = {}, patience: Partial<typeof policy> = {}) =>
  statusOf('kintsugi', 'vault', i, { ...policy, ...patience }, { ...live, ...more });

const well = instance({ slot: running('A1'), chain: naming('A'), proven: { A: [1] } });
const former = { deployment: of('B1'), data: null };
const bar = {
  by: 'failure',
  of: of('B1'),
  attempts: 2,
  reason: 'crashed',
  wait: { for: 'time', until: 1_000 },
} as const;

it('of what runs: the current one, the one before it, its child', () => {
  expect(shown({ ...well, formers: [former] })).toMatchObject({
    phase: 'running',
    verdict: 'healthy',
    current: { checksum: of('A1').release.checksum, deployment: of('A1').id },
    previous: { checksum: of('B1').release.checksum },
    next: null,
    queued: null,
    child: { pid: 7, startedAt: '1970-01-01T00:00:00.000Z' },
    ok: true,
  });
});

it('on probation the current one is still the one it came from, and what is prepared is queued', () => {
  const trial = instance({
    slot: probation('B1'),
    formers: [{ deployment: of('A1'), data: null }],
    proven: { A: [1] },
  });
  const next = { at: 'staged', deployment: of('C1'), since: 0 } as const;
  expect(shown({ ...trial, next })).toMatchObject({
    phase: 'probation',
    current: { deployment: of('A1').id },
    next: { deployment: of('B1').id, state: 'probation' },
    queued: { deployment: of('C1').id, state: 'staged' },
    ok: false,
  });
  expect(shown(instance({ slot: probation('A1') }))).toMatchObject({ current: null, next: { state: 'probation' } });
});

it('of a quarantine: the count, the reason and when it is tried again; what is due is none', () => {
  const due = { ...bar, wait: { for: 'nothing' } } as const;
  expect(shown({ ...well, bars: [bar] }).quarantined).toMatchObject([
    { attempts: 2, reason: 'crashed', retryAt: '1970-01-01T00:00:01.000Z' },
  ]);
  expect(shown({ ...well, bars: [{ ...bar, wait: { for: 'person' } }] }).quarantined[0]?.retryAt).toBeNull();
  expect(shown({ ...well, bars: [due] }).quarantined).toEqual([]);
});

const unversioned: Instance = {
  ...well,
  chain: { ...well.chain, named: { ...of('B1').release, version: null } },
  config: { ...well.config, settings: { ...well.config.settings, args: ['{version}'] } },
};

it.each<[string, boolean, Instance, Partial<Live>, Partial<typeof policy>]>([
  ['all is well', true, well, {}, {}],
  ['its verdict is not known yet', true, instance({ ...well, slot: running('A1', { verdict: 'unknown' }) }), {}, {}],
  ['unhealthy', false, instance({ ...well, slot: running('A1', { verdict: 'unhealthy' }) }), {}, {}],
  ['no child', false, well, { child: null }, {}],
  ['its source cannot be read', false, well, { trouble: 'no endpoint answers' }, {}],
  ['its state cannot be saved', false, well, { blocked: 'the disk is full' }, {}],
  ['what is named is quarantined', false, { ...well, chain: naming('B'), bars: [bar] }, {}, {}],
  ['another one is quarantined', true, { ...well, bars: [bar] }, {}, {}],
  ['what is named has no version, and the arguments need one', false, unversioned, {}, {}],
  [
    'a downgrade that is refused',
    true,
    { ...well, chain: naming('B'), proven: { B: [1], A: [1] } },
    {},
    { allowDowngrade: false },
  ],
])('%s: ok %s', (_, ok, i, more, patience) => {
  expect(shown(i, more, patience).ok).toBe(ok);
});

it('says in words what is in the way of what is named', () => {
  expect(shown(unversioned).trouble).toContain('{version}');
  const refused = { ...well, chain: naming('B'), proven: { B: [1], A: [1] } };
  expect(shown(refused, {}, { allowDowngrade: false }).trouble).toContain('allowDowngrade');
});
