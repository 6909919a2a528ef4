import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { takeLock } from '../../src/process/lock.ts';
import { describeHolder, leaveNote } from '../../src/process/locks/holder-note.ts';
import { scratch } from '../support/process/scratch.ts';

/** A lock of our own, which we never see in /proc, as one that a process in another container holds. */
async function heldLock(): Promise<string> {
  const path = join(scratch(), 'a.owner');
  const lock = await takeLock(path);
  onTestFinished(() => lock?.release());
  if (lock !== null) leaveNote(lock, '/var/lib/vaultvisor');
  return path;
}

const noteAt = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as { pid: number; start: number; host: string };

test('who holds a lock twice is told so', async () => {
  const path = await heldLock();
  expect(await describeHolder(path)).toMatch(/^this very process, since \S+, home \/var\/lib\/vaultvisor$/);
});

// In every container vaultvisor has the same pid.
test('a process of another container is not taken for ourselves because it has our pid', async () => {
  const path = await heldLock();
  const note = noteAt(path);
  writeFileSync(path, JSON.stringify({ ...note, start: note.start + 1, host: '3f2a1b0c9d8e' }));
  expect(await describeHolder(path)).toMatch(
    new RegExp(
      `^pid ${note.pid} on the host or container 3f2a1b0c9d8e, since \\S+, home /var/lib/vaultvisor, which cannot be seen`,
    ),
  );
});

test('one of this host is told without its name', async () => {
  const path = await heldLock();
  const note = noteAt(path);
  writeFileSync(path, JSON.stringify({ ...note, start: note.start + 1 }));
  expect(await describeHolder(path)).toMatch(new RegExp(`^pid ${note.pid}, since `));
});

test('a note of an older version is understood, and one that is none is no note', async () => {
  const path = await heldLock();
  writeFileSync(path, JSON.stringify({ pid: process.pid, since: '2026-01-01', home: '/srv' }));
  expect(await describeHolder(path)).toBe('this very process, since 2026-01-01, home /srv');
  writeFileSync(path, '{"pid":"7"}');
  expect(await describeHolder(path)).toBe('a process that cannot be seen from here');
});
