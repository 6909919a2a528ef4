import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { readLocalFile } from '../../src/store/files/local-file.ts';
import { scratchFolder } from './scratch.ts';

function uncaught(): readonly unknown[] {
  const seen: unknown[] = [];
  const hear = (error: unknown) => void seen.push(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', hear);
  onTestFinished(() => {
    process.off('uncaughtException', hear);
    for (const other of others) process.on('uncaughtException', other);
  });
  return seen;
}

test.each([0, 1, 2, 3, 5, 8, 13])(
  'given up %i turns after it was begun, it rejects with the reason, and throws nowhere else',
  async (turns) => {
    const seen = uncaught();
    const path = join(await scratchFolder(), 'file');
    writeFileSync(path, Buffer.alloc(2_000_000));
    const controller = new AbortController();
    const reading = (async () => {
      for await (const chunk of readLocalFile(path, controller.signal)) expect(chunk.length).toBeGreaterThan(0);
    })();
    const ended = reading.then(
      () => 'read',
      (error: Error) => error.name,
    );
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect(['read', 'AbortError']).toContain(await ended);
    await pause(20);
    expect(seen).toEqual([]);
  },
);
