import { encodeAddress } from '@polkadot/util-crypto';
import { describe, expect, test } from 'vitest';
import { parseSs58 } from '../../src/config/ss58.ts';

const alice = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
const ids = [alice, `0x${'00'.repeat(32)}`, `0x${'ff'.repeat(32)}`, `0x0000${'ab'.repeat(30)}`];

describe.each(ids)('%s', (id) => {
  // Substrate, Polkadot, Kusama, the last of one byte, the first of two, Interlay, Kintsugi, the last
  test.each([42, 0, 2, 63, 64, 2032, 2092, 16383])('as @polkadot/util-crypto writes it with prefix %i', (prefix) => {
    expect(parseSs58(encodeAddress(id, prefix))).toBe(id);
  });
});

const text = encodeAddress(alice, 42);

test.each([
  ['nothing', ''],
  ['hex', alice],
  ['a digit that is not there', text.slice(1)],
  ['a digit too many', `${text}1`],
  ['two digits that changed places', `${text.slice(0, 9)}${text[10]}${text[9]}${text.slice(11)}`],
  ['another last digit', `${text.slice(0, -1)}${text.endsWith('Z') ? 'Y' : 'Z'}`],
  ['a letter that is none of its alphabet', `${text.slice(0, -1)}0`],
  ['white space', ` ${text}`],
  ['a key of 33 bytes', encodeAddress(new Uint8Array(33), 42)],
  ['an index', encodeAddress(new Uint8Array(8), 42)],
])('%s is no account', (_, said) => expect(parseSs58(said)).toBeNull());
