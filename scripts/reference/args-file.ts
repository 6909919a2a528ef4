import { argsSchemaText } from '../../src/config/json-schema.ts';
import { code, type Page, page, table } from './page.ts';

/** What of JSON Schema our own schema uses. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** Every key of the args file, from the schema that the daemon itself reads with. */
export function argsFilePage(): Page {
  const schema = JSON.parse(argsSchemaText()) as Schema;
  const clients = schema.$defs?.['client'] ?? {};
  const heads = ['key', 'what may be written', 'default', 'what it is for'];
  return page(
    'args-file.md',
    'Reference: the args file',
    'Every key, from the schema that the daemon reads with. What they do together tells [configuration.md](../configuration.md); an editor checks a file by `schema/args.schema.json`.',
    '## The file',
    table(heads, rowsOf(schema, '')),
    '## A client',
    'In `networks.<name>.clients.<name>` and in `defaults`.',
    table(heads, rowsOf(clients, '')),
  );
}

/** One row for each key, those below others after them; a list's own keys follow `[]`, those of what has names `<name>`. */
function rowsOf(schema: Schema, path: string): readonly (readonly string[])[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, below]) => {
    const name = path === '' ? key : `${path}.${key}`;
    const told = { ...below, ...(schema.required?.includes(key) && { isRequired: true }) };
    return [
      ...(below.type === undefined && !isAlternative(below) && !below.$ref ? [] : [row(name, told)]),
      ...rowsOf(below, name),
    ];
  });
  const further = [
    ...(typeof schema.additionalProperties === 'object' ? rowsOf(schema.additionalProperties, `${path}.<name>`) : []),
    ...(schema.items ? rowsOf(schema.items, `${path}[]`) : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => rowsOf(one, path)),
  ];
  return unique([...own, ...further]);
}

const row = (name: string, schema: Schema & { isRequired?: boolean }): readonly string[] => [
  code(name),
  formOf(schema),
  schema.isRequired ? '**must be there**' : schema.default === undefined ? '' : code(JSON.stringify(schema.default)),
  schema.description ?? '',
];

const isAlternative = ({ anyOf, oneOf }: Schema): boolean => (anyOf ?? oneOf) !== undefined;

function formOf(schema: Schema): string {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(', ');
  if (schema.$ref) return 'the keys of a client';
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms) return [...new Set(forms.map(formOf))].join(', or ');
  if (schema.type === 'array') return `list of ${schema.items ? plural(formOf(schema.items)) : 'values'}`;
  if (schema.type === 'object')
    return typeof schema.additionalProperties === 'object' ? 'object with names of yours' : 'object';
  if (schema.type === 'integer') return schema.minimum === undefined ? 'number' : `number from ${schema.minimum}`;
  return (
    (schema.pattern !== undefined && knownForms.find(([pattern]) => schema.pattern?.includes(pattern))?.[1]) ||
    plain(schema)
  );
}

/** What the patterns of the schema ask for, in words. */
const knownForms: readonly (readonly [pattern: string, words: string])[] = [
  ['infinite|', 'span (`"90s"`) or `"infinite"`'],
  ['(ms|s|m|h|d)', 'span (`"90s"`, `"5m"`)'],
  ['[0-9a-fA-F]{64}', 'SHA-256 or hash in hex'],
  ['^wss?', 'URL (`wss:`, `ws:`)'],
  ['https?', 'URL'],
  [':\\d{1,5}$', '`host:port`'],
  ['^\\/', 'absolute path'],
];

const plain = ({ type }: Schema): string =>
  type === 'string' ? 'text' : type === 'boolean' ? '`true` or `false`' : (type ?? 'value');
const plural = (form: string): string =>
  ({ text: 'texts', object: 'objects', URL: 'URLs' })[form] ?? (form.startsWith('absolute') ? 'absolute paths' : form);

const unique = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] => [
  ...new Map(rows.map((one) => [one.join('|'), one])).values(),
];
