import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTeller } from '../../src/daemon/instance/teller.ts';
import type { Log } from '../../src/log.ts';

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
