import { describe, expect, test } from 'vitest';
import { type WrapLine, wrappedFile } from '../../src/cli/wrap/args-of.ts';
import { parseArgsFile } from '../../src/config/load.ts';

const line: WrapLine = {
  home: '/h',
  place: 'kintsugi/vault',
  endpoint: ['wss://node/'],
  endOn: [],
  set: [],
  args: ['--keyfile', '/k'],
};
const clientOf = (more: Partial<WrapLine>) =>
  (wrappedFile({ ...line, ...more }) as { networks: { kintsugi: { clients: { vault: object } } } }).networks.kintsugi
    .clients.vault;

describe('what flags come to', () => {
  test('the least: a client of clients-info with its own arguments', () => {
    expect(wrappedFile(line)).toEqual({
      home: '/h',
      networks: {
        kintsugi: {
          endpoints: ['wss://node/'],
          clients: { vault: { release: { source: 'clients-info', client: 'vault' }, args: ['--keyfile', '/k'] } },
        },
      },
    });
    expect(parseArgsFile(JSON.stringify(wrappedFile(line)))).toMatchObject({ ok: true });
  });

  test('each flag, and any further setting by its path', () => {
    const set = [
      'stop.grace=5m',
      'keep=2',
      'health.probes=[{"log":"ready = yes"}]',
      'stop.signal=SIGTERM',
      'env.A=b=c',
    ];
    const said = {
      preset: 'interbtc-vault',
      http: '127.0.0.1:9616',
      endOn: [2, 3],
      set,
      release: 'manifest:https://r.example.org/v.json',
    };
    expect(wrappedFile({ ...line, ...said })).toMatchObject({ http: { listen: '127.0.0.1:9616' } });
    expect(clientOf(said)).toEqual({
      preset: 'interbtc-vault',
      release: { source: 'manifest', url: 'https://r.example.org/v.json' },
      args: ['--keyfile', '/k'],
      restart: { noRestart: { exitCodes: [2, 3] } },
      stop: { grace: '5m', signal: 'SIGTERM' },
      keep: 2,
      health: { probes: [{ log: 'ready = yes' }] },
      env: { A: 'b=c' },
    });
    expect(clientOf({ release: 'clients-info:oracle' })).toMatchObject({
      release: { source: 'clients-info', client: 'oracle' },
    });
    expect(parseArgsFile(JSON.stringify(wrappedFile({ ...line, ...said })))).toMatchObject({ ok: true });
  });

  test('a key that no object may have is a key like any other, and refused by the schema', () => {
    const file = JSON.stringify(wrappedFile({ ...line, set: ['__proto__.polluted=1'] }));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(parseArgsFile(file)).toMatchObject({ ok: false });
  });

  test.each([
    [{ place: 'vault' }, '--place vault is no NETWORK/CLIENT'],
    [{ place: 'a/b/c' }, '--place a/b/c is no NETWORK/CLIENT'],
    [{ release: 'https://r.example.org/v.json' }, 'names no source of releases'],
    [{ release: 'manifest' }, 'names no source of releases'],
    [{ set: ['stop.grace'] }, '--set stop.grace is no KEY=VALUE'],
  ])('%j is not understood', (more, words) => {
    expect(() => wrappedFile({ ...line, ...more })).toThrow(words);
  });
});
