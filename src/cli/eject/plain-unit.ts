import { isSecretName, quietUrls } from '../../quiet-url.ts';

/** How a client is started, as vaultvisor started it. */
export interface Plain {
  readonly place: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the args file only names, and stands in them now. */
  readonly secrets: readonly string[];
  readonly cwd: string;
  readonly user: string;
  readonly signal: string;
  /** Milliseconds; `null`: it is never killed. */
  readonly grace: number | null;
  readonly openFiles: number | null;
  /** Where the variables lie. */
  readonly variables: string;
}

/**
 * A unit of systemd without vaultvisor, and the file of its variables. Everybody may read what a unit says (systemctl show): arguments that may be secrets
 * stand in the other file, with the environment.
 */
export function plainUnit(plain: Plain): { readonly unit: string; readonly variables: string } {
  const { place, program, cwd, user, signal, grace, openFiles } = plain;
  const { words, hidden } = withoutSecrets(plain);
  const variables = { ...plain.env, ...hidden };
  const hasVariables = Object.keys(variables).length > 0;
  const lines = [
    '# Written by vaultvisor eject. It is yours: nothing of vaultvisor reads it again.',
    '[Unit]',
    `Description=${place}, as vaultvisor ran it`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=exec',
    `User=${user}`,
    `WorkingDirectory=${cwd.replaceAll('%', '%%')}`,
    ...(hasVariables ? [`EnvironmentFile=${plain.variables.replaceAll('%', '%%')}`] : []),
    `ExecStart=${[quoted(program), ...words].join(' \\\n  ')}`,
    `KillSignal=${signal}`,
    `TimeoutStopSec=${grace === null ? 'infinity' : `${grace / 1_000}s`}`,
    'Restart=always',
    'RestartSec=10',
    ...(openFiles === null ? [] : [`LimitNOFILE=${openFiles}`]),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ];
  const file = Object.entries(variables).map(([name, value]) => `${name}="${value.replace(/(["\\$`])/g, '\\$1')}"\n`);
  return { unit: lines.join('\n'), variables: file.join('') };
}

function withoutSecrets({ args, secrets }: Pick<Plain, 'args' | 'secrets'>) {
  const hidden: Record<string, string> = {};
  const words = args.map((arg, at) => {
    const flag = args[at - 1] ?? '';
    const [, name = ''] = /^-{1,2}([A-Za-z][\w-]*)=/s.exec(arg) ?? [];
    const follows = flag.startsWith('-') && !flag.includes('=') && isSecretName(flag) && !arg.startsWith('--');
    const isNamed = secrets.some((secret) => secret !== '' && arg.includes(secret));
    if (!isNamed && !follows && !isSecretName(name) && quietUrls(arg) === arg) return quoted(arg);
    hidden[`ARGUMENT_${at + 1}`] = arg;
    return `\${ARGUMENT_${at + 1}}`;
  });
  return { words, hidden };
}

/** As systemd.service(5) reads a command line: `%` begins a specifier, `$` a variable. */
function quoted(word: string): string {
  const safe = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@+.,:/=%{}~-]+$/.test(word) ? safe : `"${safe.replace(/(["\\])/g, '\\$1').replaceAll('\n', '\\n')}"`;
}
