// `npm run build:binary`: vaultvisor and a pinned Node as one executable, and beside it its SHA-256, the licences of what is in it, and the SBOM.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { licencesOf } from './licences.mjs';
import { pinnedNode, pinnedVersion } from './nodes.mjs';
import { sbomText } from './sbom.mjs';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** In long-term support until April 2029; the first line of Node that takes a module as its program, and needs no other tool for it. */
const NODE = 26;

export const nameOfBinary = `vaultvisor-${version}-linux-x64`;

/** Builds into `folder`; the executable gets its name last. Returns its path. */
export async function buildBinary(folder) {
  mkdirSync(folder, { recursive: true });
  const node = pinnedNode(NODE);
  const work = mkdtempSync(join(folder, '.building-'));
  try {
    const worker = await bundle('src/chain/events/events-worker.ts', work, 'events-worker.js', 'cjs');
    const program = await bundle('src/cli/main.ts', work, 'main.mjs', 'esm');
    copyFileSync(join(root, 'package.json'), join(work, 'package.json'));
    // names without folders: they become part of the executable, and two builds of one commit are the same bytes
    const config = {
      main: program.name,
      mainFormat: 'module',
      output: nameOfBinary,
      disableExperimentalSEAWarning: true,
      assets: { 'package.json': 'package.json', 'events-worker.js': worker.name },
    };
    writeFileSync(join(work, 'sea.json'), JSON.stringify(config));
    execFileSync(node, ['--build-sea', 'sea.json'], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
    const output = join(work, nameOfBinary);
    chmodSync(output, 0o755);

    const beside = (name, text) => writeFileSync(join(folder, name), text);
    beside(`${nameOfBinary}.sha256`, `${sha256(output)}  ${nameOfBinary}\n`);
    beside(`${nameOfBinary}.licences.txt`, licencesOf([...worker.inputs, ...program.inputs], node));
    beside(`vaultvisor-${version}.cdx.json`, sbomText({ node: pinnedVersion(NODE) }));
    renameSync(output, join(folder, nameOfBinary));
    return join(folder, nameOfBinary);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * One file of a program and all that it imports, readable in a stack trace. What is not part of Node cannot be asked for at run time: no
 * `node_modules` that lies in some working directory is ever read.
 */
async function bundle(entry, folder, name, format) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(folder, name),
    format,
    bundle: true,
    platform: 'node',
    target: `node${NODE}`,
    minifySyntax: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
    // its other form asks for its parts by names that no bundler sees
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // ws's optional compiled parts
    define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
    banner: { js: onlyBuiltins },
  });
  const foreign = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports.map(({ path }) => path))
    .filter((path) => !path.startsWith('node:') && !isBuiltin(path));
  if (foreign.length > 0) throw new Error(`${entry} would ask for ${[...new Set(foreign)].join(', ')} at run time`);
  return { name, inputs: Object.keys(metafile.inputs) };
}

const onlyBuiltins = `const require = (name) => {
  const found = process.getBuiltinModule(name);
  if (found === undefined) throw Object.assign(new Error('Cannot find module ' + name), { code: 'MODULE_NOT_FOUND' });
  return found;
};`;

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = await buildBinary(join(root, 'release'));
  process.stdout.write(`${readFileSync(`${path}.sha256`, 'utf8')}`);
}
