import { readFileSync } from 'node:fs';

/** The unit as docs/bare-metal.md gives it: what people copy is what is tried. */
export function unitOfTheDocs(): string {
  const page = readFileSync(new URL('../../../docs/bare-metal.md', import.meta.url), 'utf8');
  const unit = /```ini\n([\s\S]*?)```/.exec(page)?.[1];
  if (unit === undefined) throw new Error('docs/bare-metal.md shows no unit');
  return unit;
}
