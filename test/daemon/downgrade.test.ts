import { expect, test } from 'vitest';
import { isDowngrade } from '../../src/daemon/instance/downgrade.ts';
import { release } from '../support/deployments.ts';

const of = (version: string | null, uri: string | null = null) => ({ ...release('x'), version, uri });
const at = (tag: string) => of(null, `https://example.org/releases/download/${tag}/vault-parachain-metadata-kintsugi`);

test.each([
  ['an older version', of('1.2.0'), of('1.1.9'), true],
  ['a newer version', of('1.2.0'), of('1.10.0'), false],
  ['the same version', of('1.2.0'), of('1.2.0'), false],
  ['a tag with a network in it', at('kintsugi-1.23.8'), at('kintsugi-1.23.7'), true],
  ['a hotfix of the same', at('1.22.4'), at('1.22.4-hotfix1'), false],
  ['no version anywhere', of(null, 'https://example.org/vault'), of(null), false],
  ['a version on one side only', of('1.2.0'), of(null), false],
])('%s', (_, from, to, is) => {
  expect(isDowngrade(from, to)).toBe(is);
});
