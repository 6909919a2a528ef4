import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const BUILT = new URL('../../devchain/built/', import.meta.url);

it('holds the blobs that SHA256SUMS names, and no others', () => {
  const sums = readFileSync(new URL('SHA256SUMS', BUILT), 'utf8').trim().split('\n');
  const named = sums.map((line) => line.split('  ') as [string, string]);
  expect(readdirSync(BUILT).sort()).toEqual(['SHA256SUMS', ...named.map(([, name]) => name)].sort());
  for (const [sum, name] of named) {
    const bytes = readFileSync(new URL(name, BUILT));
    expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(sum);
    // the magic of a compressed runtime
    expect(bytes.subarray(0, 8).toString('hex'), name).toBe('52bc537646db8e05');
  }
});

it('is described with these hashes', () => {
  const readme = readFileSync(new URL('../README.md', BUILT), 'utf8');
  for (const line of readFileSync(new URL('SHA256SUMS', BUILT), 'utf8').trim().split('\n')) {
    expect(readme).toContain(line.split('  ')[0]);
  }
});
