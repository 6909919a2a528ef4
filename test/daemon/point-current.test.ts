import { lstatSync, mkdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Cell } from '../../src/daemon/instance/cell.ts';
import { pointToPresent } from '../../src/daemon/tasks/point-current.ts';
import { homeAt } from '../../src/layout.ts';
import { silentLog } from '../../src/log.ts';
import { deployment } from '../support/deployments.ts';
import { scratch, until } from '../support/process/scratch.ts';

/** An instance whose child runs this deployment, and what it warns of. */
function cellOf(runs: string) {
  const folder = homeAt(scratch()).instance('kintsugi', 'vault');
  const warned: string[] = [];
  mkdirSync(folder.deployments, { recursive: true });
  const child = { running: runs };
  const cell = {
    folder,
    log: { ...silentLog, warn: (_: object, message: string) => warned.push(message) },
    stopping: new AbortController().signal,
    child: { get: () => ({ deployment: deployment(child.running) }) },
  } as unknown as Cell;
  return { cell, folder, warned, child };
}

test('a link that the disk did not take is set as soon as it does, and that is told once', async () => {
  const { cell, folder, warned } = cellOf('a');
  mkdirSync(join(folder.current, 'in the way'), { recursive: true });
  const pointing = pointToPresent(deployment('a'), cell);
  await until(() => warned.length === 1);
  rmSync(folder.current, { recursive: true });
  await pointing;
  expect(readlinkSync(folder.current)).toBe(`deployments/${deployment('a').id}`);
  expect(warned).toHaveLength(1);
});

test('what no longer runs is not pointed to', async () => {
  const { cell, folder, child } = cellOf('a');
  mkdirSync(join(folder.current, 'in the way'), { recursive: true });
  const pointing = pointToPresent(deployment('a'), cell);
  child.running = 'b';
  await pointing;
  expect(lstatSync(folder.current).isDirectory()).toBe(true);
});
