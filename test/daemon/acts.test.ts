import { expect, test } from 'vitest';
import { born } from '../../src/core/born.ts';
import type { Instance } from '../../src/core/instance.ts';
import { eventOf, forecast } from '../../src/daemon/control/acts.ts';
import { readRequest } from '../../src/daemon/control/request.ts';
import { VisorError } from '../../src/errors.ts';
import { policy } from '../core/given.ts';
import { checksum, deployment, release, settings } from '../support/deployments.ts';

const running: Instance = {
  ...born(settings('a'), null),
  slot: { at: 'running', deployment: deployment('a'), verdict: 'healthy', reason: null, exits: 0, youngUntil: null },
  proven: { [checksum('a')]: [] },
};
const quarantined: Instance = {
  ...running,
  bars: [{ by: 'failure', of: deployment('b'), attempts: 1, reason: 'crashed', wait: { for: 'person' } }],
};
const withFormer: Instance = {
  ...running,
  formers: [{ deployment: deployment('f'), data: null }],
  proven: { ...running.proven, [checksum('f')]: [] },
};
const none = () => false;

test.each([
  ['hold', { act: 'hold', for: 5 }, running, { type: 'held', until: 105 }],
  ['hold for ever', { act: 'hold', for: null }, running, { type: 'held', until: null }],
  ['rollback', { act: 'rollback' }, withFormer, { type: 'rejected' }],
  ['retry', { act: 'retry', checksum: null }, quarantined, { type: 'forgiven', checksum: null }],
  [
    'retry of one',
    { act: 'retry', checksum: checksum('b') },
    quarantined,
    { type: 'forgiven', checksum: checksum('b') },
  ],
  ['restart', { act: 'restart' }, running, { type: 'restarted' }],
  [
    'an approval ahead of its release',
    { act: 'approve', checksum: checksum('z'), withdraw: false },
    running,
    { type: 'approved', checksum: checksum('z') },
  ],
  [
    'an approval that is taken back',
    { act: 'approve', checksum: checksum('z'), withdraw: true },
    { ...running, said: { ...running.said, approved: [checksum('z')] } },
    { type: 'disapproved', checksum: checksum('z') },
  ],
] as const)('%s', (_, act, instance, event) => {
  expect(eventOf(act, instance, policy, 100, none)).toEqual(event);
});

test.each([
  ['a rollback with nothing to go back to', { act: 'rollback' }, running, 'nothing to go back to'],
  [
    'a restart of what a person stopped',
    { act: 'restart' },
    { ...running, said: { ...running.said, stopped: true } },
    'stopped by a person',
  ],
  ['a restart of nothing', { act: 'restart' }, born(settings('a'), null), 'Nothing runs'],
  ['a retry of nothing', { act: 'retry', checksum: null }, running, 'Nothing is quarantined'],
  [
    'an approval taken back that nobody gave',
    { act: 'approve', checksum: checksum('z'), withdraw: true },
    running,
    'is not approved',
  ],
  ['a retry of another', { act: 'retry', checksum: checksum('z') }, quarantined, 'is not quarantined'],
  [
    'a pin of unknown bytes',
    { act: 'pin', checksum: checksum('z'), uri: null, forever: false },
    running,
    'Nobody says where',
  ],
  [
    'a pin of another scheme',
    { act: 'pin', checksum: checksum('z'), uri: 'ftp://x/y', forever: false },
    running,
    'no address',
  ],
  [
    'a pin of no address',
    { act: 'pin', checksum: checksum('z'), uri: 'notaurl', forever: false },
    running,
    'no address',
  ],
] as const)('%s is refused with words, as a usage', (_, act, instance, words) => {
  const refusal = (() => {
    try {
      return eventOf(act, instance as Instance, policy, 0, none);
    } catch (error) {
      return error;
    }
  })();
  expect(refusal).toBeInstanceOf(VisorError);
  expect(refusal).toMatchObject({
    code: 'usage',
    message: expect.stringContaining(words),
    next: expect.stringMatching(/./),
  });
});

test('a pin knows the bytes that lie in the store, those that were quarantined, and those it is told of', () => {
  const pin = (name: string, uri: string | null) =>
    ({ act: 'pin', checksum: checksum(name), uri, forever: false }) as const;
  const named = { ...running, chain: { ...running.chain, named: release('n', 'https://example.org/n') } };
  expect(eventOf(pin('z', null), named, policy, 0, () => true)).toMatchObject({
    release: { checksum: checksum('z'), uri: null },
  });
  expect(eventOf(pin('b', null), quarantined, policy, 0, none)).toMatchObject({ release: deployment('b').release });
  expect(eventOf(pin('z', 'https://example.org/z'), running, policy, 0, none)).toMatchObject({
    release: { uri: 'https://example.org/z' },
  });
  expect(eventOf(pin('n', null), named, policy, 0, none)).toMatchObject({ release: { uri: 'https://example.org/n' } });
});

test('a pin of what the file denies is refused: a list is not passed by a word', () => {
  const denying = { ...policy, forbids: () => 'which gates.deny keeps out' };
  const pin = { act: 'pin', checksum: checksum('z'), uri: 'https://x.org/z', forever: true } as const;
  expect(() => eventOf(pin, running, denying, 0, none)).toThrow('which gates.deny keeps out');
});

test('a pin whose arguments need a version that nobody knows is refused', () => {
  const needs = { ...running, config: { ...running.config, settings: settings('{version}') } };
  expect(() =>
    eventOf({ act: 'pin', checksum: checksum('z'), uri: 'https://x.org/z', forever: false }, needs, policy, 0, none),
  ).toThrow('{version}');
});

test.each([
  ['nothing named', running, 'no release is named'],
  ['what runs is named', { ...running, chain: { ...running.chain, named: release('a') } }, 'what is named runs'],
  [
    'quarantined',
    {
      ...quarantined,
      config: { ...quarantined.config, settings: settings('b') },
      chain: { ...running.chain, named: release('b') },
    },
    'is quarantined',
  ],
] as const)('check says what would happen: %s', (_, instance, words) => {
  expect(forecast(instance as Instance, policy)).toContain(words);
});

test.each([
  ['no object', 'x'],
  ['an unknown act', { network: 'k', client: 'v', act: { act: 'explode' } }],
  ['no act', { network: 'k', client: 'v' }],
  ['a checksum that is none', { network: 'k', client: 'v', act: { act: 'pin', checksum: '0x12' } }],
  ['a time that is none', { network: 'k', client: 'v', act: { act: 'hold', for: -1 } }],
  ['a flag that is none', { network: 'k', client: 'v', act: { act: 'pin', checksum: checksum('a'), forever: 'yes' } }],
])('a request with %s is not guessed at', (_, body) => {
  expect(() => readRequest.act(body)).toThrow('not understood');
});

test('a request that is understood', () => {
  expect(readRequest.act({ network: 'k', client: 'v', act: { act: 'hold', for: null } })).toEqual({
    network: 'k',
    client: 'v',
    act: { act: 'hold', for: null },
  });
  expect(readRequest.apply({})).toEqual({ allowRemove: false });
});
