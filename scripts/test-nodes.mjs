// The unit tests on the Nodes that vaultvisor is built on and runs on beside the oldest one: the same packages, the same files, another Node.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pinnedNode, pinnedVersion } from './nodes.mjs';

const root = join(import.meta.dirname, '..');

/**
 * Rules, forms, records, bytes: what another Node could read, order, hash or time in another way. Whole daemons run on the one file's Node in
 * test/release.
 */
const tests = [
  ...[
    'core/rules',
    'core/status',
    'core/times',
    'core/deployment',
    'core/notices',
    'core/person',
    'core/spec-versions',
  ],
  ...['config/schema', 'config/syntax', 'config/settings', 'config/format'],
  ...['chain/values', 'chain/golden', 'chain/hashes', 'chain/terms', 'chain/session'],
  ...[
    'store/state-record',
    'store/history',
    'store/archive',
    'store/blobs',
    'store/atomic-write',
    'store/download.test',
  ],
  ...['gate/windows', 'gate/record', 'install/format', 'probe/level', 'probe/kinds/tcp'],
].map((name) => `test/${name}`);

let worst = 0;
for (const major of [24, 26]) {
  console.log(`\n── the unit tests on Node ${pinnedVersion(major)}`);
  const words = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...tests];
  const { status } = spawnSync(pinnedNode(major), words, { cwd: root, stdio: 'inherit' });
  worst = Math.max(worst, status ?? 1);
}
process.exitCode = worst;
