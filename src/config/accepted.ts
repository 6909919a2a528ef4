import { VisorError } from '../errors.ts';

/** The parsed value of a text that the schema has let through; if schema and parser ever differ, that is a bug. */
export function accepted<Value>(parsed: Value | null, text: string | number): Value {
  if (parsed !== null) return parsed;
  throw new VisorError(
    'bug',
    `the schema let through ${JSON.stringify(text)}`,
    'Please report this, with the args file.',
  );
}
