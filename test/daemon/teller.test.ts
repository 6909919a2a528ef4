import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { quietly } from '../../src/config/quiet-words.ts';
import { createTeller } from '../../src/daemon/instance/teller.ts';
import { type Log, silentLog } from '../../src/log.ts';

test('a history that cannot be written is told once, and when it can again; the notices go on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const history = join(folder, 'history.ndjson');
  const said: string[] = [];
  const say = (level: string) => (_: object, message: string) => void said.push(`${level}: ${message}`);
  const log: Log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error'), child: () => log };
  let observed = 0;
  const teller = createTeller({
    network: 'kintsugi',
    client: 'vault',
    history,
    log,
    drift: () => 0,
    quiet: (said) => said,
    observe: () => {
      observed += 1;
    },
  });
  const notice = async () => {
    teller.notice({ event: 'held' });
    await teller.written();
  };
  mkdirSync(history);
  await notice();
  await notice();
  rmdirSync(history);
  await notice();
  await notice();
  expect(said.filter((line) => line.includes('history'))).toEqual([
    'warn: the history cannot be written: what happens until it can will be missing',
    'info: the history is written again',
  ]);
  expect(observed).toBe(4);
  expect(readFileSync(history, 'utf8').trim().split('\n')).toHaveLength(2);
});

test('an event keeps its name although a secret is a word of it; what it tells loses the secret', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const history = join(folder, 'history.ndjson');
  const observed: object[] = [];
  const teller = createTeller({
    network: 'kintsugi',
    client: 'vault',
    history,
    log: silentLog,
    drift: () => 0,
    quiet: (said) => quietly(said, ['alarm']),
    observe: (notice) => void observed.push(notice),
  });
  teller.notice({ event: 'alarm', about: 'drain', reason: 'it said alarm' });
  await teller.written();
  expect(observed).toEqual([{ event: 'alarm', about: 'drain', reason: 'it said …' }]);
  expect(JSON.parse(readFileSync(history, 'utf8'))).toMatchObject({ event: 'alarm', reason: 'it said …' });
});
