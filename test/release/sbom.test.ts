import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sbomText } from '../../scripts/sbom.mjs';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the SBOM has every package of which the built program has a part, as its licences do, and none that only builds', () => {
  const text = sbomText({ node: '26.10.0' });
  const bom = JSON.parse(text) as { components: { name: string; version: string; licenses: unknown[] }[] };
  const shipped = [...read('dist/licences.txt').matchAll(/^=+\n(\S+ \S+) \(.+\)\n=+$/gm)].map(([, named]) => named);
  expect(bom.components.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(
    [...shipped, 'node 26.10.0'].sort(),
  );
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
  expect(shipped).toContain(`@polkadot/api ${lock.packages['node_modules/@polkadot/api']?.version}`);
  expect(shipped.some((name) => /^(vitest|esbuild) /.test(name ?? ''))).toBe(false);
  for (const { licenses } of bom.components) expect(licenses).toHaveLength(1);
  // so that two builds of one commit can be compared
  expect(sbomText({ node: '26.10.0' })).toBe(text);
});
