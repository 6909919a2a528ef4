// `npm test`: set-up, all tests, and one closing line: `N passed, N failed` (and `, N skipped`).
// With CI=true a skipped test is a failure: a machine that is to prove things must have what the proof needs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setup } from './setup.mjs';

setup();
const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
const report = join(folder, 'report.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const { status } = spawnSync('node_modules/.bin/vitest', ['run', ...reporters, ...process.argv.slice(2)], {
  cwd: join(import.meta.dirname, '..'),
  stdio: 'inherit',
});
const { passed, failed, skipped } = count(
  existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { testResults: [] },
);
rmSync(folder, { recursive: true, force: true });

const isShort = process.env.CI === 'true' && skipped.length > 0;
for (const name of skipped) console.log(`skipped${isShort ? ', which fails with CI=true' : ''}: ${name}`);
// A file that does not load and a run that dies have no failed test to show, and are no success.
const failures = status !== 0 && failed === 0 ? 1 : failed;
console.log(`${passed} passed, ${failures} failed${skipped.length === 0 ? '' : `, ${skipped.length} skipped`}`);
process.exitCode = (status ?? 1) || (isShort ? 1 : 0);

function count({ testResults }) {
  const tests = testResults.flatMap((file) => file.assertionResults);
  const withStatus = (...wanted) => tests.filter((test) => wanted.includes(test.status));
  const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    passed: withStatus('passed').length,
    failed: withStatus('failed').length + unloaded.length,
    skipped: withStatus('pending', 'skipped', 'todo', 'disabled').map((test) => test.fullName),
  };
}
