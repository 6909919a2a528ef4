import { z } from 'zod';
import { argsFile } from './schema.ts';

/** JSON Schema (2020-12) of the args file as people write it, for editors; some rules between settings are not in it. */
export function argsSchemaText(): string {
  const schema = z.toJSONSchema(argsFile, { io: 'input', target: 'draft-2020-12' });
  return `${JSON.stringify({ title: 'vaultvisor args file', ...schema }, null, 2)}\n`;
}
