import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownVersion } from '../../src/cli/version.ts';
import { servesFromFirstToLast } from '../support/serves.ts';

const root = resolve(import.meta.dirname, '../..');
const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];

describe('the npm package', () => {
  let folder: string;
  let files: readonly string[];
  let tarball: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vaultvisor-test-'));
    const words = ['pack', '--json', '--pack-destination', folder, '--loglevel=error'];
    const [packed] = JSON.parse(execFileSync('npm', words, { cwd: root, encoding: 'utf8' }));
    files = packed.files.map(({ path }: { path: string }) => path);
    tarball = join(folder, packed.filename);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds the built program and what its users read, and nothing else', () => {
    const wanted =
      /^(dist\/.+\.js|dist\/events-worker\.cjs|dist\/licences\.txt|docs\/.+\.(md|png|svg|json|yml|yaml)|schema\/.+\.json|alerts\/\w+\.rules\.yml|dashboards\/\w+\.json|args\.example\.json|package\.json|(README|CHANGELOG|SECURITY)\.md|LICENSE)$/;
    expect(files.filter((path) => !wanted.test(path))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(['dist/cli/main.js', 'dist/events-worker.cjs', 'dist/licences.txt', 'LICENSE']),
    );
    expect(files).not.toContain('docs/architecture.md');
  });

  test('installs without a registry, as every package is in it, and brings a client from one release to the next', {
    timeout: 120_000,
  }, async () => {
    const prefix = join(folder, 'prefix');
    const words = ['--global', '--prefix', prefix, '--offline', '--ignore-scripts', ...quietly];
    execFileSync('npm', ['install', ...words, '--cache', join(folder, 'cache'), tarball], { cwd: folder });
    const said = await servesFromFirstToLast([join(prefix, 'bin/vaultvisor')]);
    expect(said).toMatchObject({ version: ownVersion(), node: process.version });
  });
});
