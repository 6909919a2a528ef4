import { describe, expect, test } from 'vitest';
import { isSecretName, redactArgs, redactUrl, redactValue } from '../../src/config/redact.ts';

describe('arguments', () => {
  test.each([
    [
      ['--bitcoin-rpc-pass', 'p'],
      ['--bitcoin-rpc-pass', '[hidden]'],
    ],
    [['--password=p'], ['--password=[hidden]']],
    [
      ['--seed', '-p'],
      ['--seed', '[hidden]'],
    ],
    [
      ['--api-key=k', '--apikey', 'k'],
      ['--api-key=[hidden]', '--apikey', '[hidden]'],
    ],
    [
      ['--mnemonic', 'a b c'],
      ['--mnemonic', '[hidden]'],
    ],
    [
      ['--token', '--verbose'],
      ['--token', '--verbose'],
    ],
    [
      ['-key', 'k'],
      ['-key', '[hidden]'],
    ],
    [['AUTH_TOKEN=t'], ['AUTH_TOKEN=[hidden]']],
    [
      ['--url', 'http://me:p@127.0.0.1:8332/'],
      ['--url', 'http://[hidden]@127.0.0.1:8332/'],
    ],
    [['--url=http://me:p@h/'], ['--url=http://[hidden]@h/']],
  ])('%j', (args, quiet) => expect(redactArgs(args)).toEqual(quiet));

  test.each([
    [['--keyfile', '/k.json', '--keyname', '0xab']],
    [['--keyfile=/k.json', '--key-file', '/k', '--keyring', 'alice', '--key-type=sr25519']],
    [['--password-file', '/p', '--token-path=/t']],
    [['password', 'not a flag']],
    [['--btc-parachain-url', 'wss://rpc.example.org/parachain']],
    [[]],
  ])('left as they are: %j', (args) => expect(redactArgs(args)).toEqual(args));
});

describe('URLs', () => {
  test.each([
    ['https://user:pass@host/path@x', 'https://[hidden]@host/path@x'],
    ['https://token@host', 'https://[hidden]@host'],
    ['https://a:b@c@host/', 'https://[hidden]@host/'],
    ['wss://host/ws?apikey=1&page=2&access_token=3#x', 'wss://host/ws?apikey=[hidden]&page=2&access_token=[hidden]#x'],
    ['https://host/a?b=c', 'https://host/a?b=c'],
    ['no url', 'no url'],
  ])('%s', (url, quiet) => expect(redactUrl(url)).toBe(quiet));
});

test('a whole value: names, arguments and URLs at any depth, and lists of the same length', () => {
  const value = {
    env: { API_TOKEN: 't', LOG: 'info', KEYFILE: '/k' },
    args: ['--pass', 'p', 5],
    urls: ['ws://u:p@h'],
    keep: 1,
  };
  expect(redactValue(value)).toEqual({
    env: { API_TOKEN: '[hidden]', LOG: 'info', KEYFILE: '/k' },
    args: ['--pass', '[hidden]', 5],
    urls: ['ws://[hidden]@h'],
    keep: 1,
  });
});

test.each(['keyfile', 'keyname', 'keep', 'KEYRING', 'SECRET_FILE'])('%s is no secret', (name) =>
  expect(isSecretName(name)).toBe(false),
);
