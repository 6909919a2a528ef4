// Compiles src/ to build/, one file per module, and bundles it to dist/, which is what ships: few files load in half the time of hundreds.
// Each beside it first, so that a build that fails leaves the former one to run.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const stamp = '.built-from';

/** What is started by its path; and the one module that asks for its own (src/own-program.ts), which must lie at the root. */
const entries = ['src/cli/main.ts', 'src/chain/events/events-worker.ts', 'src/own-program.ts'];

export function build() {
  make('build', compile);
  make('dist', bundle);
}

/** Whether build/ and dist/ were made of the sources as they are now. */
export function isBuilt() {
  const wanted = fingerprint();
  const files = ['build', 'dist'].map((folder) => join(root, folder, stamp));
  return files.every((file) => existsSync(file) && readFileSync(file, 'utf8') === wanted);
}

function make(name, fill) {
  const [made, work] = [join(root, name), join(root, `${name}.building`)];
  rmSync(work, { recursive: true, force: true });
  try {
    fill(work);
    writeFileSync(join(work, stamp), fingerprint());
    chmodSync(join(work, 'cli/main.js'), 0o755);
    rmSync(made, { recursive: true, force: true });
    renameSync(work, made);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** For the tests and the lab, which take or break single modules of the program; and types are checked. */
function compile(folder) {
  const tsc = join(root, 'node_modules/.bin/tsc');
  execFileSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', folder], { cwd: root, stdio: 'inherit' });
}

/** Readable in a stack trace. What is imported late stays late: `splitting`. The packages stay npm's. */
function bundle(folder) {
  // asked for only now: scripts/setup.mjs imports this file before anything is installed
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  buildSync({
    absWorkingDir: root,
    entryPoints: entries,
    outbase: 'src',
    outdir: folder,
    format: 'esm',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
    logLevel: 'error',
  });
}

function fingerprint() {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `src/${file}`);
  const hash = createHash('sha256');
  for (const file of [
    ...sources.sort(),
    'scripts/build.mjs',
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
  ])
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
    process.exit(1); // tsc or esbuild has said why
  }
}
