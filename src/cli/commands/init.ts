import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { configError } from '../../config/format.ts';
import { parseArgsFile } from '../../config/load.ts';
import { VisorError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { requireFree, writeNew } from '../draft/write-new.ts';
import { answersOf, requireHome, type Said } from '../init/answers.ts';
import { firstArgsFile } from '../init/draft.ts';
import { lookAtChain } from '../init/look-at-chain.ts';
import { offerUnit, requireUnitPossible, type UnitOptions } from '../init/offer-unit.ts';
import { foundWords } from '../init/words.ts';
import { withProgress } from '../progress.ts';

interface Options extends Said, UnitOptions {
  readonly home: string;
  readonly listen: string;
  readonly offline: boolean;
  readonly force: boolean;
}

/** Writes a first args file, and its unit where that is wished: asked for on a terminal, told by flags elsewhere. It looks at the chain first, and says what will be downloaded. */
export async function init(more: string[], options: Options, context: Context): Promise<number> {
  const file = resolve(context.file);
  const { home, listen, offline, force } = options;
  requireHome(home);
  await requireFree(file, force);
  await requireUnitPossible(options);
  const isAsking = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const answers = answersOf(isAsking ? await (await import('../init/ask.ts')).ask(options, file) : options);
  const log = await context.openLog('error');
  const met = offline ? null : await withProgress('the chain', () => lookAtChain(answers, log));
  if (met !== null) for (const line of foundWords(answers, met)) context.say(line);
  const text = firstArgsFile(answers, met, { home, listen, more });
  const parsed = parseArgsFile(text);
  if (!parsed.ok)
    throw new VisorError(
      'config',
      configError(parsed.problems, file).message,
      'Nothing was written. Say it otherwise.',
    );
  await writeNew(file, text, { force, home });
  context.say(`${file} is written.`);
  const unit = await offerUnit({ file, text, config: parsed.config, keyfile: answers.keyfile }, options, isAsking);
  if (!existsSync(answers.keyfile))
    context.remark(`The key file ${answers.keyfile} is not there: put it there before the client is started.`);
  context.say('Look at it first:');
  for (const next of ['config validate', 'check', 'doctor']) context.say(`  vaultvisor ${next} --config ${file}`);
  if (unit === null) context.say(`Then:\n  vaultvisor systemd --install --config ${file}`);
  for (const line of unit ?? []) context.say(line);
  return 0;
}
