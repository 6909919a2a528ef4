// `npm run ok`: all that CI holds; `-- --no-tests`: all but the tests. Every check runs, so that one look shows everything that is out of order.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setup } from './setup.mjs';

setup();
const checks = [
  ['format and lint', 'biome', 'ci', '--error-on-warnings', ...(process.env['CI'] ? ['--colors=off'] : [])],
  ['types', 'tsc', '--noEmit'],
  ['unused code', 'knip'],
  ['schema is current', 'tsx', 'scripts/make-schema.ts', '--check'],
  ['reference is current', 'tsx', 'scripts/make-reference.ts', '--check'],
  ...(process.argv.includes('--no-tests') ? [] : [['tests', process.execPath, join(import.meta.dirname, 'test.mjs')]]),
];
const root = join(import.meta.dirname, '..');
const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };
const results = checks.map(([name, command, ...args]) => {
  console.log(`\n── ${name}`);
  return { name, isOk: spawnSync(command, args, { cwd: root, env, stdio: 'inherit' }).status === 0 };
});
console.log('');
for (const { name, isOk } of results) console.log(`${isOk ? 'ok    ' : 'FAILED'} ${name}`);
process.exitCode = results.every(({ isOk }) => isOk) ? 0 : 1;
