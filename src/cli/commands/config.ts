import { readDocument } from '../../config/document.ts';
import { configError } from '../../config/format.ts';
import { networkEntries } from '../../config/inherit.ts';
import { argsSchemaText } from '../../config/json-schema.ts';
import { findKeyCopies } from '../../config/key-copies.ts';
import { parseArgsFile } from '../../config/load.ts';
import { originsOf } from '../../config/origins.ts';
import type { Problem } from '../../config/problem.ts';
import { withFiles } from '../../config/read-files.ts';
import { redactValue } from '../../config/redact.ts';
import { argsFile } from '../../config/schema.ts';
import type { Config } from '../../config/settings.ts';
import { exitStatuses } from '../../errors.ts';
import { readArgsFile, readArgsText } from '../args-file.ts';
import type { Context } from '../context.ts';

/** Tells all that is wrong in the file, as a daemon would; key files that only their owner may read are not compared. */
export async function validate(_words: string[], { json }: { json: boolean }, context: Context): Promise<number> {
  const { file, say } = context;
  const text = await readArgsText(file);
  const parsed = parseArgsFile(text);
  const problems = parsed.ok ? await problemsOnDisk(text, parsed.config) : parsed.problems;
  if (json) {
    context.json({ ok: problems.length === 0, problems });
    return problems.length === 0 ? 0 : exitStatuses.config;
  }
  if (!parsed.ok || problems.length > 0) throw configError(problems, file);
  say(`${file} is valid: ${countOf(parsed.config)}`);
  return 0;
}

/** The file as it is in force: what is inherited and every default filled in, in the file's own words; `origin`: and who said it. */
export async function show(
  _words: string[],
  { origin }: { origin?: boolean },
  { file, say, json }: Context,
): Promise<number> {
  const { text } = await readArgsFile(file);
  if (origin) for (const line of originLines(text)) say(line);
  else json(redactValue(inFull(text)), 2);
  return 0;
}

function originLines(text: string): readonly string[] {
  const { document } = readDocument(text);
  const file = argsFile.parse(document.value);
  const rows = networkEntries(document, file).flatMap(({ entries }) =>
    entries.flatMap((entry) => originsOf(entry, file)),
  );
  return rows.map(({ path, value, origin }) => `${origin}\t${path} = ${JSON.stringify(value)}`);
}

export async function schema(_words: string[], _options: object, { say }: Context): Promise<number> {
  say(argsSchemaText().trimEnd());
  return 0;
}

/** What only shows when the files are read that it names. */
async function problemsOnDisk(text: string, config: Config): Promise<readonly Problem[]> {
  return [...(await findKeyCopies(text, config)), ...(await withFiles(text, config)).problems];
}

/** Of a text that was accepted. */
function inFull(text: string): object {
  const { document } = readDocument(text);
  const { defaults, networks: _written, ...top } = argsFile.parse(document.value);
  const networks = networkEntries(document, argsFile.parse(document.value)).map(({ name, file, entries }) => {
    const clients = Object.fromEntries(entries.map(({ client, whole }) => [client, whole]));
    return [name, { ...file, clients }] as const;
  });
  return { ...top, networks: Object.fromEntries(networks) };
}

function countOf({ networks }: Config): string {
  const clients = networks.flatMap((network) => network.clients).length;
  return `${counted(networks.length, 'network')}, ${counted(clients, 'client')}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
