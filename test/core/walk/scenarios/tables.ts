import type { Health, Scenario } from '../scenario.ts';

const cells = ['A1@1', 'A1@2', 'A2@1', 'A2@2', 'B1@1', 'B1@2', 'B2@1', 'B2@2'];

/** Every table of good and sick over two releases, two settings and two runtimes. */
export function everyTable(budget: Scenario['budget']): readonly Scenario[] {
  const health = (bits: number) =>
    Object.fromEntries(cells.map((cell, n): [string, Health] => [cell, (bits >> n) & 1 ? 'sick' : 'good']));
  return Array.from({ length: 2 ** cells.length }, (_, bits) => ({
    name: `table ${bits.toString(2).padStart(cells.length, '0')}`,
    budget,
    health: health(bits),
  }));
}
