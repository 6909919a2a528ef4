import { describe, expect, it } from 'vitest';
import { parseChecksum } from '../../src/core/release.ts';

const hex = '0123456789abcdef'.repeat(4);

describe('a checksum as people and chains write it', () => {
  it.each([
    ['bare', hex],
    ['with 0x', `0x${hex}`],
    ['with 0X', `0X${hex}`],
    ['in capitals', hex.toUpperCase()],
    ['between blanks', ` \t0x${hex}\n`],
  ])('is read %s', (_, text) => {
    expect(parseChecksum(text)).toBe(`0x${hex}`);
  });

  it.each([
    ['empty', ''],
    ['only 0x', '0x'],
    ['one digit short', hex.slice(1)],
    ['one digit long', `${hex}0`],
    ['0x twice', `0x0x${hex}`],
    ['a letter that is no digit', `g${hex.slice(1)}`],
    ['a blank inside', `${hex.slice(0, 32)} ${hex.slice(33)}`],
    ['a digit of another script', `٠${hex.slice(1)}`],
    ['the text of a sha256 file', `${hex}  vault`],
  ])('is refused: %s', (_, text) => {
    expect(parseChecksum(text)).toBeNull();
  });
});
