import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { bundle } from '../../scripts/bundle.mjs';

const resolveDir = resolve(import.meta.dirname, '../../src');
const cut = { format: 'esm', splitting: true, outdir: 'dist', write: false };
const bundled = (contents: string, more: object = {}) => bundle({ stdin: { contents, resolveDir }, ...cut, ...more });

test('a package that is imported late by itself is refused with words: it would have no names', () => {
  expect(() => bundled("export const load = () => import('undici');")).toThrow(/imports undici by import\(\)/);
  expect(bundled("export const load = () => import('./http-client.ts');")).toContain('node_modules/undici/index.js');
});

test('what would be looked for in a node_modules at run time is refused', () => {
  expect(() => bundled("export * from 'undici';", { external: ['undici'] })).toThrow(/ask for undici at run time/);
});
