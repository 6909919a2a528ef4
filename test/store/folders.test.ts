import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeFolders, makeFoldersSync } from '../../src/folders.ts';

const ways = [
  ['at once', async (path: string) => makeFoldersSync(path, 0o700)],
  ['in its time', (path: string) => makeFolders(path, 0o700)],
] as const;

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The folder of a process that stands in one which was removed meanwhile: it is there, and nothing can be made in it. */
async function removed(): Promise<string> {
  const folder = scratch();
  const inside = spawn('sleep', ['60'], { cwd: folder });
  onTestFinished(() => void inside.kill('SIGKILL'));
  await once(inside, 'spawn');
  rmSync(folder, { recursive: true });
  return `/proc/${inside.pid}/cwd`;
}

describe.each(ways)('folders that are made %s', (_, make) => {
  test('all that are missing, and it is told which was the first', async () => {
    const folder = scratch();
    expect(await make(join(folder, 'a/b/c'))).toBe(join(folder, 'a'));
    expect(statSync(join(folder, 'a/b/c')).mode & 0o777).toBe(0o700);
    expect(await make(join(folder, 'a/b/c'))).toBeNull();
    expect(await make(join(folder, 'a/b/d'))).toBe(join(folder, 'a/b/d'));
  });

  test('a file in the way is an error', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'file'), '');
    await expect(make(join(folder, 'file'))).rejects.toThrow('EEXIST');
    await expect(make(join(folder, 'file/below'))).rejects.toThrow('ENOTDIR');
  });

  test.each([
    ['was removed while it was in use', removed],
    ['is not for people', async () => '/proc/self'],
  ])('below one that %s: an error, and not a question for ever', async (__, parent) => {
    await expect(make(join(await parent(), 'a/b'))).rejects.toThrow('ENOENT');
  });
});
