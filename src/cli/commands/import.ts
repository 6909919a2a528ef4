import { resolve } from 'node:path';
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
import { quiet } from '../import/quiet.ts';
import type { Running } from '../import/running.ts';
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
  const how = { home, place, today: new Date().toISOString().slice(0, 10) };
  const drafted = draftOf(running, how);
  const shown = quiet(running);
  const { text, remarks } = draftOf(shown.running, how);
  for (const remark of remarks) context.remark(`- ${oneLine(remark)}`);
  if (!write && shown.hidden > 0)
    context.remark(
      `- ${hiddenWords(shown.hidden)} --write writes the file with all that is in it, for its owner alone.`,
    );
  tellProblems(drafted, file, context);
  if (!write) {
    context.say(text.trimEnd());
    return 0;
  }
  await writeNew(file, drafted.text, { force, home });
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

const hiddenWords = (count: number): string =>
  count === 1 ? 'One word is hidden here: it may be a secret.' : `${count} words are hidden here: they may be secrets.`;

/** A draft may lack what only its operator knows: it is printed all the same, and told. */
function tellProblems({ text }: Drafted, file: string, context: Context): void {
  const parsed = parseArgsFile(text);
  if (!parsed.ok) context.remark(`It is not accepted as it stands:\n${formatProblems(parsed.problems, file)}`);
}

const nextMove = ({ unit }: Running, { network, client }: Drafted): string =>
  unit === null
    ? `vaultvisor config validate, and docs/take-over.md.`
    : `vaultvisor config validate, start vaultvisor, and vaultvisor takeover ${network}/${client} --unit ${unit}.`;
