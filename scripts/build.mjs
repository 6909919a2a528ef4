// Compiles src/ to dist/: beside it first, so that a build that fails leaves the former one to run.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const [dist, work] = [join(root, 'dist'), join(root, 'dist.building')];
const stamp = '.built-from';

export function build() {
  rmSync(work, { recursive: true, force: true });
  try {
    const tsc = join(root, 'node_modules/.bin/tsc');
    execFileSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', work], { cwd: root, stdio: 'inherit' });
    writeFileSync(join(work, stamp), fingerprint());
    const program = join(work, 'cli/main.js');
    if (existsSync(program)) chmodSync(program, 0o755);
    rmSync(dist, { recursive: true, force: true });
    renameSync(work, dist);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Whether dist/ was made of the sources as they are now. */
export function isBuilt() {
  const file = join(dist, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === fingerprint();
}

function fingerprint() {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `src/${file}`);
  const hash = createHash('sha256');
  for (const file of [...sources.sort(), 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'])
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    build();
  } catch {
    process.exit(1); // tsc has said why
  }
}
