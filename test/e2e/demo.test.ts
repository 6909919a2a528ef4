import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { acts } from '../../demo/acts.ts';

/** The demo is the widest test: real runtimes, signed extrinsics, real processes, a daemon that is killed. */
test('every act of the demo happens as it says, and nothing ever runs twice', async () => {
  const main = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));
  const { code, out } = await new Promise<{ code: number; out: string }>((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', main], (error, stdout) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: stdout }),
    );
  });
  expect(code, out).toBe(0);
  for (const { title } of acts) expect(out).toContain(title);
  expect(out).toContain('by their own witness: 0.');
}, 180_000);
