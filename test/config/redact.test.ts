import { describe, expect, test } from 'vitest';
import { redactArgs, redactValue } from '../../src/config/redact.ts';
import { bareUrl, isSecretName, quietUrls } from '../../src/quiet-url.ts';

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
      ['--url', 'http://…@127.0.0.1:8332/'],
    ],
    [['--url=http://me:p@h/'], ['--url=http://…@h/']],
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
    ['https://user:pass@host/path@x', 'https://…@host/path@x'],
    ['https://token@host', 'https://…@host'],
    ['https://a:b@c@host/', 'https://…@host/'],
    ['wss://host/ws?apikey=1&page=2&access_token=3#x', 'wss://host/ws?apikey=…&page=2&access_token=…#x'],
    ['https://host/a?b=c', 'https://host/a?b=c'],
    ['no url', 'no url'],
    ['wss://mainnet.infura.io/ws/v3/9aa3d95b3bc440fa88ea12eaa4456161', 'wss://mainnet.infura.io/ws/v3/…'],
    ['wss://api-kusama.n.dwellir.com/3f7d0c3e-9c2d-4c8e-8e1b-1de0f2a3b4c5/x', 'wss://api-kusama.n.dwellir.com/…/x'],
    [
      'https://hooks.slack.com/services/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',
      'https://hooks.slack.com/services/T024BE7LD/B024BE7LH/…',
    ],
    ['https://api.telegram.org/bot123456:AAEhBOweik6ad9r_QXMENQjcrbGCr4K-bc/send', 'https://api.telegram.org/…/send'],
    [
      'https://s3.example.org/v?X-Amz-Signature=ab&x=Zm9vYmFyMTIzNDU2Nzg5MGFi',
      'https://s3.example.org/v?X-Amz-Signature=…&x=…',
    ],
    ['twice: wss://a:b@h/x, and “https://h/?token=1”', 'twice: wss://…@h/x, and “https://h/?token=…”'],
  ])('%s', (url, quiet) => expect(quietUrls(url)).toBe(quiet));
});

test.each([
  'https://github.com/interlay/interbtc-clients/releases/download/1.19.7/vault-parachain-metadata-kintsugi',
  'https://releases.example.org/1.24.0-rc4/interbtc-vault-v1.24.0-rc4-linux-amd64.tar.gz',
  'https://example.org/Interlay-Vault-x86_64-Release2',
  `https://mirror.example.org/0x${'9f'.repeat(32)}`,
  'file:///tmp/vaultvisor-test-aB3dE9fG1hJ2k/vault-1.0.0-steady',
  'http://127.0.0.1:9615/metrics?page=2',
  'wss://api-kusama.interlay.io/parachain',
])('no secret: %s', (url) => expect(quietUrls(url)).toBe(url));

// read anew from each of its characters it would take many minutes, and a client may write it
test('what is no URL is as it was, a line of a million characters too', () => {
  const line = 'a.'.repeat(2 ** 19);
  expect(quietUrls(line)).toBe(line);
  expect(quietUrls(`${line} wss://me:p@h/`)).toBe(`${line} wss://…@h/`);
});

test('for people a URL has neither who asks nor a query', () =>
  expect(bareUrl('https://me:p@h/a/9aa3d95b3bc440fa88ea12eaa4456161?b=c#d')).toBe('https://h/a/…'));

test('of who is told only the host is shown, and where a secret is, is none', () => {
  const receivers = {
    chat: {
      webhook: { url: 'https://hooks.example.org/a/b', key: 'k', headers: { authorization: 'Bearer x' } },
      from: 'info',
    },
    named: { webhook: { url: '{secret:file:/etc/url}', key: '{secret:env:KEY}' } },
    local: { webhook: { url: 'http://127.0.0.1:9093', format: 'alertmanager' } },
    deadman: { heartbeat: { url: 'https://hc-ping.com/abc', every: '1m' } },
  };
  expect(redactValue({ notify: { receivers } })).toEqual({
    notify: {
      receivers: {
        chat: {
          webhook: { url: 'https://hooks.example.org/…', key: '[hidden]', headers: { authorization: '[hidden]' } },
          from: 'info',
        },
        named: receivers.named,
        local: receivers.local,
        deadman: { heartbeat: { url: 'https://hc-ping.com/…', every: '1m' } },
      },
    },
  });
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
    urls: ['ws://…@h'],
    keep: 1,
  });
});

test.each(['keyfile', 'keyname', 'keep', 'KEYRING', 'SECRET_FILE'])('%s is no secret', (name) =>
  expect(isSecretName(name)).toBe(false),
);
