import { expect, test } from 'vitest';
import { quietly, secretsOf, sought } from '../../src/config/quiet-words.ts';
import { printable } from '../../src/errors.ts';

const said = (line: string, secrets: readonly string[]): string => quietly(line, sought(secrets));
const key = '5f1c0d7ab2e94c6fb1a7d2e38c90ff41';

test('a secret that looks like a checksum is hidden where it stands alone too', () => {
  for (const line of [key, `0x${key}`, `key ${key}`]) expect(said(line, [key])).not.toContain(key);
});

test('a checksum stays what it is, whatever short secret is in it by chance', () => {
  expect(said(key, ['c0d7'])).toBe(key);
  expect(said(key, [])).toBe(key);
});

test('a secret of several lines is hidden line by line, as it was written on any system', () => {
  const secrets = ['hunter-one\r\nhunter-two\nhunter-three'];
  expect(['hunter-one', 'hunter-two', 'hunter-three'].map((line) => said(`: ${line}.`, secrets))).toEqual(
    Array(3).fill(': ….'),
  );
  expect(secretsOf({ env: { KEY: secrets[0]! } })).toEqual(sought(secrets));
});

test('a secret with quotes in it is hidden in a line of JSON too', () => {
  const secret = 'hunter"two\\';
  const line = JSON.stringify({ level: 'info', password: secret });
  expect(said(line, [secret])).toBe('{"level":"info","password":"…"}');
});

test('of a line that was cut in the midst of a secret no beginning of it is left', () => {
  const secrets = [`hunter${'2'.repeat(900)}`, 'hunter'];
  const whole = `${'.'.repeat(150)}${secrets[0]} was refused`;
  expect(said(whole.slice(0, 1_000), secrets)).toBe(`${'.'.repeat(150)}…`);
  const far = '.'.repeat(65_530);
  expect(said(`${far}hunter`, ['hunter-two'])).toBe(`${far}…`);
  expect(said(`${far}twin-and-twin`, ['twin-and-twin'])).toBe(`${far}…`);
  expect([`${far}hun`, 'a hunter'].map((line) => said(line, ['hunter-two']))).toEqual([`${far}hun`, 'a hunter']);
});

test('a secret that a terminal could not be given is hidden as it is shown', () => {
  const secret = '\ufeffhunter\u0007two';
  expect(said(printable(`password ${secret}`), [secret])).toBe('password …');
});
