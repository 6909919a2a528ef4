// What `npm run demo` and `npm test` need on a machine that has only Node and git; does nothing where nothing is to be done.
// Without dependencies, and called by the scripts themselves: with `ignore-scripts` npm runs no pre-scripts.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, isBuilt } from './build.mjs';

const root = join(import.meta.dirname, '..');

export function setup() {
  checkMachine();
  const steps = [
    !isInstalled() && [
      'npm ci',
      () => execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit' }),
    ],
    !isBuilt() && ['build of build/ and dist/', build],
  ].filter(Boolean);
  console.log(
    `setup: ${steps.length === 0 ? 'installed and built already' : steps.map(([name]) => name).join(', then ')}`,
  );
  for (const [name, run] of steps) attempt(name, run);
}

function checkMachine() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(
      `Node ${process.versions.node} is too old: vaultvisor needs 20.19 or newer. Install one from nodejs.org or by your package manager.`,
    );
  if (process.platform !== 'linux')
    fail(
      `vaultvisor runs on Linux only (locks, /proc); this is ${process.platform}. Use a container or a virtual machine.`,
    );
  if (spawnSync('flock', ['--version']).status !== 0)
    fail('`flock` is missing; it holds the locks. Install util-linux (Debian: apt-get install util-linux).');
}

/** Whether node_modules holds what the lockfile names, by npm's own record of what it installed. */
function isInstalled() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const [wanted, present] = [join(root, 'package-lock.json'), record].map(
    (file) => JSON.parse(readFileSync(file, 'utf8')).packages,
  );
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional }]) => {
    const found = present[path];
    if (path === '' || (found === undefined && (optional || devOptional))) return true;
    return found?.version === version && found?.integrity === integrity;
  });
}

function attempt(name, run) {
  try {
    run();
  } catch {
    fail(`${name} failed; what it said is above. If it was the network, run it again.`);
  }
}

function fail(words) {
  console.error(`setup: ${words}`);
  process.exit(1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) setup();
