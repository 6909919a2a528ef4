import { dirname, resolve } from 'node:path';
import { formatProblems } from '../../config/format.ts';
import { parseArgsFile } from '../../config/load.ts';
import { VisorError } from '../../errors.ts';
import { oneLine } from '../../observe/words/pieces.ts';
import type { Context } from '../context.ts';
import { requireFree, writeNew } from '../draft/write-new.ts';
import { type Drafted, draftOf } from '../import/draft.ts';
import { fromContainer } from '../import/from-container.ts';
import { fromPid } from '../import/from-pid.ts';
import { fromUnit } from '../import/from-unit.ts';
import type { NamedSecret } from '../import/name-secrets.ts';
import type { Running } from '../import/running.ts';
import { writeSecrets } from '../import/write-secrets.ts';
import { placeIn } from '../pick.ts';

interface Options {
  readonly unit?: string;
  readonly pid?: number;
  readonly container?: string;
  readonly as?: string;
  readonly home: string;
  readonly write: boolean;
  readonly force: boolean;
}

/** Prints the args file that keeps a client running as it runs today, or writes it; what it cannot say is told on stderr. Nothing that runs is touched. */
export async function importRunning(_words: string[], options: Options, context: Context): Promise<number> {
  const { home, write, force } = options;
  const file = resolve(context.file);
  if (write) await requireFree(file, force);
  const running = await runningIn(options);
  const place = options.as === undefined ? null : placeIn(options.as);
  const how = { home, place, today: new Date().toISOString().slice(0, 10), file };
  const drafted = draftOf(running, { ...how, isShown: false });
  const { secrets } = drafted;
  for (const remark of drafted.remarks) context.remark(`- ${oneLine(remark)}`);
  if (!write && secrets.length > 0) context.remark(`- ${namedWords(secrets)}`);
  tellProblems(drafted, file, context);
  if (!write) {
    context.say(draftOf(running, { ...how, isShown: true }).text.trimEnd());
    return 0;
  }
  await writeSecrets(secrets, { force, home });
  await writeNew(file, drafted.text, { force, home });
  for (const { path } of secrets) context.say(`${path} holds a secret, for its owner alone.`);
  context.say(`${file} is written. Read it; then: ${nextMove(running, drafted)}`);
  return 0;
}

async function runningIn({ unit, pid, container }: Options): Promise<Running> {
  const given = [unit, pid, container].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new VisorError(
      'usage',
      given.length === 0 ? 'What is to be imported is missing' : 'Only one can be imported at a time',
      'Say one of --unit NAME, --pid N and --container ID.',
    );
  if (unit !== undefined) return fromUnit(unit);
  return pid !== undefined ? fromPid(pid) : fromContainer(container ?? '');
}

const namedWords = (secrets: readonly NamedSecret[]): string =>
  `${secrets.length === 1 ? 'One secret is' : `${secrets.length} secrets are`} named here, not shown. --write puts ${secrets.length === 1 ? 'it' : 'each'} into a file of its own in ${dirname(secrets[0]?.path ?? '')}, for its owner alone.`;

/** A draft may lack what only its operator knows: it is printed all the same, and told. */
function tellProblems({ text }: Drafted, file: string, context: Context): void {
  const parsed = parseArgsFile(text);
  if (!parsed.ok) context.remark(`It is not accepted as it stands:\n${formatProblems(parsed.problems, file)}`);
}

const nextMove = ({ unit }: Running, { network, client }: Drafted): string =>
  unit === null
    ? `vaultvisor config validate, and docs/take-over.md.`
    : `vaultvisor config validate, start vaultvisor, and vaultvisor takeover ${network}/${client} --unit ${unit}.`;
