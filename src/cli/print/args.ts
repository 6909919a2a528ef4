import { redactArgs, redactValue } from '../../config/redact.ts';
import { oneLine, releaseWords, short } from '../../observe/words/pieces.ts';
import type { Explained } from '../disk/deployments.ts';

/** The same for machines. Secrets are hidden as `config show` hides them. */
export function argsJson({ is, deployment, rule, applied, passedOver, result }: Explained) {
  const { id, release, args, env, files = {} } = deployment;
  const { checksum, version } = release;
  return {
    is,
    deployment: id,
    checksum,
    version,
    rule: rule ?? null,
    ofPresentSettings: rule !== undefined,
    operator: { args: redactArgs(args), env: redactValue(env), files },
    migrations: applied.map((migration) => ({ checksum: migration.checksum, to: migration.to })),
    passedOver,
    result: result && { args: redactArgs(result.args), env: redactValue(result.env), files: result.files },
  };
}

/** One deployment as lines. */
export function argsBlock(explained: Explained): string {
  const { is, deployment } = explained;
  const head = `  ${is.padEnd(9)} ${releaseWords(deployment.release)}, deployment ${deployment.id.slice(0, 12)}`;
  return [head, ...rows(explained).map(([label, text]) => `    ${label.padEnd(12)} ${text}`)].join('\n');
}

type Row = readonly [label: string, text: string];

function rows({ deployment, rule, applied, passedOver, result }: Explained): readonly Row[] {
  const { args, env, files = {} } = deployment;
  const isChanged = applied.length > 0;
  return [
    ['your args', argsWords(args)],
    ...(Object.keys(env).length > 0 ? [['your env', envWords(env)] as const] : []),
    ...Object.entries(files).map(([name, { path }]) => ['your file', `${name}, from ${oneLine(path)}`] as const),
    ...ruleRow(rule),
    ...applied.map(
      ({ checksum, to }) => ['migrated by', `${checksum}${to === null ? '' : ` to ${oneLine(to)}`}`] as const,
    ),
    ...passedOver.map((checksum) => ['passed over', `${short(checksum)} (named in "migrated")`] as const),
    ...(isChanged && result === null ? [['gets', 'not known: it is not laid out yet'] as const] : []),
    ...(isChanged && result !== null ? resultRows(result, files) : []),
  ];
}

function ruleRow(rule: Explained['rule']): readonly Row[] {
  if (rule === undefined)
    return [['made of', 'settings that were in force before; the args file says something else now']];
  return rule === null ? [] : [['by the rule', `when.${rule.index}, for ${oneLine(rule.versions)}`]];
}

function resultRows(
  { args, env, files }: NonNullable<Explained['result']>,
  before: Readonly<Record<string, { readonly sha256: string }>>,
): readonly Row[] {
  const changed = Object.entries(files).map(
    ([name, sha256]) =>
      ['gets file', `${name}${before[name]?.sha256 === sha256 ? ', unchanged' : ', changed'}`] as const,
  );
  const gone = Object.keys(before).filter((name) => files[name] === undefined);
  return [
    ['gets args', argsWords(args)],
    ...(Object.keys(env).length > 0 ? [['gets env', envWords(env)] as const] : []),
    ...changed,
    ...gone.map((name) => ['gets file', `${name} no more`] as const),
  ];
}

/** As a shell would need them. */
const argsWords = (args: readonly string[]): string =>
  args.length === 0
    ? 'none'
    : redactArgs(args)
        .map((arg) => (/^[\w@%+=:,./{}-]+$/.test(arg) ? arg : JSON.stringify(arg)))
        .join(' ');

const envWords = (env: Readonly<Record<string, string>>): string =>
  Object.entries(redactValue(env) as Record<string, string>)
    .map(([name, value]) => `${name}=${oneLine(value)}`)
    .join(' ');
