// The software bill of materials (CycloneDX, by npm) of what is shipped: the packages of which the bundle has a part.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, shipped as bundles } from './bundle.mjs';
import { packagesOf } from './licences.mjs';

const root = join(import.meta.dirname, '..');
const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));

/**
 * The text of the SBOM; the same for the same lockfile. `node`: the version of Node that is shipped too, if one is.
 * npm gets to see a lockfile with these packages alone, and none that asks for another.
 */
export function sbomText({ node } = {}) {
  const shipped = packagesOf(bundles.flatMap((options) => bundle({ ...options, outdir: 'dist', write: false })));
  const { devDependencies, scripts: _, ...rest } = read('package.json');
  const asked = Object.entries(devDependencies).filter(([name]) => shipped.includes(`node_modules/${name}`));
  const manifest = { ...rest, dependencies: Object.fromEntries(asked) };
  const lock = read('package-lock.json');
  const names = new Set(shipped.map((folder) => folder.split('node_modules/').at(-1)));
  const packages = {
    '': manifest,
    ...Object.fromEntries(shipped.map((folder) => [folder, alone(lock.packages[folder], names)])),
  };

  const scratch = mkdtempSync(join(tmpdir(), 'vaultvisor-sbom-'));
  const folder = join(scratch, 'vaultvisor');
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
    const words = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
    const said = execFileSync('npm', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return `${JSON.stringify(tidy(JSON.parse(said), node), null, 2)}\n`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function alone(
  { dev: _, devOptional: __, peerDependencies: ___, optionalDependencies: ____, dependencies = {}, ...entry },
  names,
) {
  return {
    ...entry,
    dependencies: Object.fromEntries(Object.entries(dependencies).filter(([name]) => names.has(name))),
  };
}

/** Without what differs from run to run, and with Node, which npm does not know of. */
function tidy({ serialNumber: _, metadata: { timestamp: __, ...metadata }, components, ...rest }, node) {
  const runtime = {
    'bom-ref': `node@${node}`,
    type: 'platform',
    name: 'node',
    version: node,
    scope: 'required',
    purl: `pkg:generic/node@${node}`,
    licenses: [{ license: { id: 'MIT' } }],
  };
  return { ...rest, metadata, components: [...components, ...(node === undefined ? [] : [runtime])] };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.stdout.write(sbomText());
