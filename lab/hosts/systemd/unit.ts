import { readFileSync } from 'node:fs';

/** The unit as docs/hosts.md gives it: what people copy is what is tried. */
export function unitOfTheDocs(): string {
  const page = readFileSync(new URL('../../../docs/hosts.md', import.meta.url), 'utf8');
  const unit = /```ini\n([\s\S]*?)```/.exec(page)?.[1];
  if (unit === undefined) throw new Error('docs/hosts.md shows no unit');
  return unit;
}
