import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sbomText } from '../../scripts/sbom.mjs';

const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, { version: string; dev?: boolean; devOptional?: boolean }>>;
};
const named = (path: string) => path.split('node_modules/').at(-1) ?? '';

test('the SBOM has every package that is shipped, those that tools use too among them, and none that only builds', () => {
  const text = sbomText({ node: '26.10.0' });
  const bom = JSON.parse(text) as { components: { name: string; version: string }[] };
  const shipped = Object.entries(lock.packages).flatMap(([path, { version, dev, devOptional }]) =>
    path === '' || dev || devOptional ? [] : [`${named(path)} ${version}`],
  );
  expect(bom.components.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(
    [...new Set([...shipped, 'node 26.10.0'])].sort(),
  );
  expect(shipped).toContain(`@polkadot/api ${lock.packages['node_modules/@polkadot/api']?.version}`);
  expect(shipped.some((name) => name.startsWith('vitest '))).toBe(false);
  // so that two builds of one commit can be compared
  expect(sbomText({ node: '26.10.0' })).toBe(text);
});
