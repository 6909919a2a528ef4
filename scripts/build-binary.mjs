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
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';
import { licencesOf } from './licences.mjs';
import { architectures, pinnedNode, pinnedVersion } from './nodes.mjs';
import { sbomText } from './sbom.mjs';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** In long-term support until April 2029; the first line of Node that takes a module as its program, and needs no other tool for it. */
const NODE = 26;

export const binaryFor = (arch) => `vaultvisor-${version}-linux-${arch}`;
export const nameOfBinary = binaryFor('x64');

/**
 * Builds into `folder`; the executable gets its name last. Returns its path. For another architecture than x64 our own Node puts the program into that one's: what is put in are
 * texts, without code that was compiled before.
 */
export async function buildBinary(folder, { arch = 'x64' } = {}) {
  mkdirSync(folder, { recursive: true });
  const node = pinnedNode(NODE);
  const target = pinnedNode(NODE, arch);
  const nameOfBinary = binaryFor(arch);
  const work = mkdtempSync(join(folder, '.building-'));
  try {
    const inputs = [
      ...oneFile('src/chain/events/events-worker.ts', join(work, 'events-worker.cjs'), 'cjs'),
      ...oneFile('src/cli/main.ts', join(work, 'main.mjs'), 'esm'),
    ];
    copyFileSync(join(root, 'package.json'), join(work, 'package.json'));
    // names without folders: they become part of the executable, and two builds of one commit are the same bytes
    const config = {
      main: 'main.mjs',
      mainFormat: 'module',
      output: nameOfBinary,
      ...(arch !== 'x64' && { executable: target, useCodeCache: false, useSnapshot: false }),
      disableExperimentalSEAWarning: true,
      assets: { 'package.json': 'package.json', 'events-worker.cjs': 'events-worker.cjs' },
    };
    writeFileSync(join(work, 'sea.json'), JSON.stringify(config));
    execFileSync(node, ['--build-sea', 'sea.json'], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
    const output = join(work, nameOfBinary);
    chmodSync(output, 0o755);

    const beside = (name, text) => writeFileSync(join(folder, name), text);
    beside(`${nameOfBinary}.sha256`, `${sha256(output)}  ${nameOfBinary}\n`);
    beside(`${nameOfBinary}.licences.txt`, licencesOf(inputs, node));
    beside(`vaultvisor-${version}.cdx.json`, sbomText({ node: pinnedVersion(NODE) }));
    renameSync(output, join(folder, nameOfBinary));
    return join(folder, nameOfBinary);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** One file of a program and all that it imports; the path of each of these. */
function oneFile(entry, outfile, format) {
  return bundle({ entryPoints: [entry], outfile, format, target: `node${NODE}`, minifySyntax: true });
}

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({ options: { arch: { type: 'string', default: 'x64' } } });
  if (!architectures.includes(values.arch)) throw new Error(`--arch is one of ${architectures.join(', ')}`);
  const path = await buildBinary(join(root, 'release'), values);
  process.stdout.write(`${readFileSync(`${path}.sha256`, 'utf8')}`);
}
