// The software bill of materials (CycloneDX, by npm) of what is shipped: the packages of the lockfile without those that only build and test.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));

/**
 * The text of the SBOM; the same for the same lockfile. `node`: the version of Node that is shipped too, if one is.
 * npm's own `--omit dev` leaves out what both the product and a tool use (npm 11), so it gets to see a lockfile without the tools.
 */
export function sbomText({ node } = {}) {
  const { devDependencies: _, scripts: __, ...manifest } = read('package.json');
  const lock = read('package-lock.json');
  const shipped = Object.entries(lock.packages).filter(([, { dev, devOptional }]) => !dev && !devOptional);
  const { devDependencies: ___, ...top } = lock.packages[''];
  const packages = { ...Object.fromEntries(shipped), '': top };

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
