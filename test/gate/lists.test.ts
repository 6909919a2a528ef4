import { expect, test } from 'vitest';
import { listedAgainst } from '../../src/gate/lists.ts';
import { checksum } from '../support/deployments.ts';

const release = (version: string | null, name = 'r') => ({ checksum: checksum(name), uri: null, version });
const denied = (entry: string) => `which gates.deny keeps out (${entry})`;
const notAllowed = 'which gates.allow does not name';

test.each([
  ['nothing said', release('1.0.0'), [], [], null],
  ['in the range', release('1.24.1'), ['>=1.24'], [], null],
  ['below it', release('1.23.9'), ['>=1.24'], [], notAllowed],
  ['named as vaults are', release('kintsugi-1.24.1'), ['>=1.24'], [], null],
  ['without a version', release(null), ['>=1.24'], [], notAllowed],
  ['without a version, by its checksum', release(null), ['>=1.24', checksum('r')], [], null],
  ['another checksum', release(null, 'x'), [checksum('r')], [], notAllowed],
  ['denied by its version', release('1.24.1'), [], ['1.24.1'], denied('1.24.1')],
  ['denied by its checksum', release('1.24.1'), [], [checksum('r')], denied(checksum('r'))],
  ['denied wins', release('1.24.1'), ['1.24.1'], ['<2'], denied('<2')],
  ['a range denies nothing without a version', release(null), [], ['<2'], null],
])('%s', (_, one, allow, deny, words) => {
  expect(listedAgainst(one, { allow, deny })).toBe(words);
});
