// Writes schema/args.schema.json from the schema that the daemon itself reads with; --check only looks whether it is current.
import { readFileSync, writeFileSync } from 'node:fs';
import { argsSchemaText } from '../src/config/json-schema.ts';

const file = new URL('../schema/args.schema.json', import.meta.url);

if (!process.argv.includes('--check')) writeFileSync(file, argsSchemaText());
else if (readFileSync(file, 'utf8') !== argsSchemaText()) {
  console.error('schema/args.schema.json is not what src/config/schema.ts says. Run: npx tsx scripts/make-schema.ts');
  process.exitCode = 1;
}
