import { copyFileSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** A folder of its own for one test, removed after it. */
export function scratch(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'visor-process-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** An executable shell script. */
export function script(folder: string, name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

/** An ELF program of this name: the shell itself, which takes what it should do from its arguments. */
export function program(folder: string, name: string): string {
  const path = join(folder, name);
  copyFileSync(realpathSync('/bin/sh'), path);
  return path;
}

/** Waits until something is so; fails only by the test's own time limit. */
export async function until<T>(
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await pause(10);
  }
}

export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
