import { expect, test } from 'vitest';
import { quietly } from '../../src/config/quiet-words.ts';
import { type Cell, createSignal } from '../../src/daemon/instance/cell.ts';
import { exited } from '../../src/daemon/tasks/exit-event.ts';
import { acceptedClient } from '../config/args-text.ts';
import { deployment } from '../support/deployments.ts';

const secret = 'hunter-two-of-a-long-line';

function ending(lastLine: string): string {
  const cell = {
    config: () => acceptedClient(),
    lastEnding: createSignal(null),
    lastExit: createSignal<string | null>(null),
    quiet: <T>(value: T): T => quietly(value, [secret]),
  } as unknown as Cell;
  const exit = { code: 3, signal: null, cause: 'exited with status 3', uptime: 5, adopted: false, asked: false };
  const { reason } = exited(deployment('it'), { ...exit, lastLines: [lastLine], seen: new Set() }, cell);
  expect(cell.lastExit.get()).toBe(reason);
  return reason;
}

test('a last line is cut when its secrets are out of it: half of one would not be known again', () => {
  for (const before of [0, 170, 190, 199]) {
    const reason = ending(`${'.'.repeat(before)}${secret} was refused`);
    expect(reason).not.toContain('hu');
    expect(reason).toMatch(/^exited with status 3; its last line was “\.*…/);
  }
  expect(ending('x'.repeat(300))).toBe(`exited with status 3; its last line was “${'x'.repeat(200)}”`);
});
