// Runs the demo and puts what it printed between the markers in README.md: npx tsx scripts/capture-demo.ts
// Only what differs from machine to machine is replaced by words (ports, process numbers, the scratch folder), and checksums are cut short.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const readme = join(root, 'README.md');
const [begin, end] = ['<!-- demo: begin -->', '<!-- demo: end -->'];

run('scripts/setup.mjs');
const text = run('--import', 'tsx', 'demo/main.ts');
writeFileSync(readme, withCapture(readFileSync(readme, 'utf8'), steady(text)));
console.log(`The demo's output is in ${readme}.`);

/** A demo in which an expectation broke is no picture of the program: it is printed, and README.md stays as it is. */
function run(...args: readonly string[]): string {
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === 0) return stdout;
  console.error(`${stdout}\nThis failed: node ${args.join(' ')}; README.md is as it was.`);
  process.exit(1);
}

function steady(captured: string): string {
  return captured
    .trim()
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/\S*\/vaultvisor-demo-\w+/g, '/tmp/vaultvisor-demo')
    .replace(/process \d+/g, 'process PID')
    .replace(/0x([0-9a-f]{8})[0-9a-f]{56}/g, '0x$1…');
}

function withCapture(page: string, captured: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md has no ${begin} … ${end}`);
  return `${before}${begin}\n\n\`\`\`console\n$ npm run demo\n${captured}\n\`\`\`\n\n${end}${after}`;
}
