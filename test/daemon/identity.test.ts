import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Cell, createSignal } from '../../src/daemon/instance/cell.ts';
import { claimIdentity, disown } from '../../src/daemon/instance/identity.ts';
import { silentLog } from '../../src/log.ts';

/** As much of an instance as claims its identity. */
function claiming(stopping: AbortSignal): Cell {
  const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    config: () => ({
      network: 'kintsugi',
      client: 'vault',
      exclusive: [],
      identity: { rule: 'text', text: 'account' },
    }),
    genesis: () => null,
    services: { home: { root: folder }, lockFolder: folder },
    claims: new Map(),
    blocked: createSignal<string | null>(null),
    log: silentLog,
    stopping,
  } as unknown as Cell;
}

test('who looks again and again at what it owns leaves nothing behind on its signal', async () => {
  const { signal } = new AbortController();
  const cell = claiming(signal);
  for (let look = 0; look < 20; look += 1) await claimIdentity(cell, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  await disown(cell);
});
