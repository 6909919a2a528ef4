import { readFile } from 'node:fs/promises';
import { printable, sentenceOf, VisorError } from '../../errors.ts';
import { systemctl } from '../../process/systemctl.ts';
import { processAt } from '../../process/who/processes.ts';
import { findUser, requireUser } from '../../users.ts';
import { clientIn, runnerIn } from './client-line.ts';
import { ownVariables, variablesIn } from './environment.ts';
import { remarksOf, runningOf } from './from-pid.ts';
import { type Live, liveBelow } from './live.ts';
import type { Running } from './running.ts';
import { assignmentsOf, settingsIn, wordsOf } from './unit-file.ts';
import { unitRemarks } from './unit-remarks.ts';

const PROPERTIES = [
  'Id,LoadState,ActiveState,UnitFileState,MainPID,User,WorkingDirectory,RootDirectory,KillSignal,KillMode,TimeoutStopUSec',
  'PrivateTmp,DynamicUser,MemoryMax,Requires,BindsTo,After,OnFailure,EnvironmentFiles,Nice,CPUQuotaPerSecUSec',
].join(',');

/**
 * A client by the unit of systemd that runs it, up or not. What runs is believed before what is written: a unit may have been edited since.
 * @throws VisorError `usage` where systemd knows no such unit, `network` where it does not answer
 */
export async function fromUnit(name: string): Promise<Running> {
  const unit = /\.\w+$/.test(name) ? name : `${name}.service`;
  const facts = factsIn(await ask(['show', `--property=${PROPERTIES}`, '--', unit]));
  const fact = (key: string): string => facts.get(key) ?? '';
  if (fact('LoadState') !== 'loaded')
    throw new VisorError(
      'usage',
      `systemd knows no unit ${unit}${fact('LoadState') === 'masked' ? ': it is masked' : ''}`,
      'Look it up with systemctl list-units --type=service --all.',
    );
  const settings = settingsIn(await ask(['cat', '--', unit]), 'Service');
  const main = processAt(Number(fact('MainPID')));
  const live = main === null ? null : await liveBelow(main);
  const found = live === null ? await asWritten(unit, settings, facts) : await fromLive(live);
  const isMadeUp = fact('DynamicUser') === 'yes';
  const grace = millisOf(fact('TimeoutStopUSec'));
  return {
    ...found,
    ...(isMadeUp && { user: null }),
    what: `the unit ${unit}`,
    unit,
    signal: signalNames[fact('KillSignal')] ?? null,
    // systemd's own 90 s are nobody's wish
    grace: grace === null || grace === 90_000 ? null : grace,
    remarks: [...found.remarks, ...unitRemarks(settings, fact)],
  };
}

type Found = Omit<Running, 'what' | 'unit' | 'signal' | 'grace'>;

const fromLive = async (live: Live): Promise<Found> => ({ ...(await runningOf(live)), remarks: remarksOf(live) });

/** Nothing of it is up: what would be started counts. */
async function asWritten(
  unit: string,
  settings: ReadonlyMap<string, readonly string[]>,
  facts: ReadonlyMap<string, string>,
): Promise<Found> {
  const fact = (key: string): string => facts.get(key) ?? '';
  const written = (settings.get('Environment') ?? []).flatMap(assignmentsOf);
  const { variables, unread } = await filesOf(settings.get('EnvironmentFile') ?? []);
  const env = variablesIn([...written, ...variables]);
  const line = settings.get('ExecStart')?.at(-1);
  if (line === undefined)
    throw new VisorError('usage', `${unit} has no ExecStart`, 'Name the unit that runs the client.');
  const words = wordsOf(line, env);
  const runner = runnerIn(words);
  const client = runner === null ? clientIn(words) : ['', ...runner.line.clientArgs];
  const user = await userOf(unit, facts);
  const cwd = fact('WorkingDirectory').replace(/^!/, '');
  return {
    words: client,
    runner: runner === null ? null : words,
    program: runner === null && client[0]?.startsWith('/') ? client[0] : null,
    cwd: cwd === '' ? '/' : cwd.replace(/^~$/, () => user?.home ?? '/'),
    user,
    env: ownVariables(env),
    remarks: [
      'It does not run just now, so this is read from the unit alone: import it while it runs, and program, working directory and environment are those that it really has.',
      ...unread,
      ...(runner === null
        ? []
        : [
            'Which release its runner would start only a running one tells: write start.initial yourself, or import it while it runs.',
          ]),
      ...(/(^|[^%])%[A-Za-z]/.test(line)
        ? ['Its command line has specifiers (%i, %h, …), which are left as they are.']
        : []),
    ],
  };
}

/** Whom it would run as; `null`: nobody knows before it is started. Who is not found is not root: the client would get more rights than it ever had. */
async function userOf(unit: string, facts: ReadonlyMap<string, string>) {
  if (facts.get('DynamicUser') === 'yes') return null;
  const name = facts.get('User') || 'root';
  if (/^\d+$/.test(name)) return (await findUser(name)) ?? { name, uid: Number(name), home: '/' };
  return requireUser(
    name,
    `Nothing was written. ${unit} runs as that user: make it (useradd --system ${printable(name)}), or correct User= there.`,
  );
}

async function filesOf(paths: readonly string[]): Promise<{ variables: readonly string[]; unread: readonly string[] }> {
  const read = await Promise.all(
    paths.map(async (said) => {
      const path = said.replace(/^-/, '');
      const text = await readFile(path, 'utf8').catch(() => null);
      return { path, isOptional: said.startsWith('-'), text };
    }),
  );
  return {
    variables: read.flatMap(({ text }) =>
      (text ?? '').split('\n').flatMap((line) => (/^\s*([#;]|$)/.test(line) ? [] : assignmentsOf(line.trim()))),
    ),
    unread: read.flatMap(({ path, text, isOptional }) =>
      text === null && !isOptional ? [`Its EnvironmentFile ${path} cannot be read: what it sets is missing here.`] : [],
    ),
  };
}

/** Of systemd.kill(5), as `systemctl show` writes it; SIGTERM is nobody's wish. */
const signalNames: Readonly<Record<string, string>> = {
  '1': 'SIGHUP',
  '2': 'SIGINT',
  '3': 'SIGQUIT',
  '10': 'SIGUSR1',
  '12': 'SIGUSR2',
};

const factsIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );

const units: Readonly<Record<string, number>> = { h: 3_600_000, min: 60_000, s: 1_000, ms: 1 };

/** `1min 30s`; `null`: `infinity`, or nothing that we read. */
function millisOf(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|min|ms|s)\b/g)];
  if (parts.length === 0) return null;
  return Math.round(parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0));
}

async function ask(words: readonly string[]): Promise<string> {
  try {
    return await systemctl('system', words);
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim();
    throw new VisorError(
      'network',
      `systemd does not answer: ${said ? sentenceOf(said) : sentenceOf(error)}`,
      'Is this a machine with systemd? Else say import --pid N.',
      { cause: error },
    );
  }
}
