import { oneLine } from '../../observe/words/pieces.ts';
import type { Context } from '../context.ts';
import { nameOf } from '../pick.ts';
import { planOf } from '../takeover/plan.ts';
import { takeOver, undoWords } from '../takeover/steps.ts';

interface Options {
  readonly unit?: string;
  readonly acceptDifferences: boolean;
}

/** Brings a client from the unit that runs it today below the daemon, with the same program, working directory and user. */
export async function takeover([place]: string[], options: Options, context: Context): Promise<number> {
  const { unit, acceptDifferences } = options;
  const plan = await planOf({ place, unit, acceptDifferences }, context);
  for (const remark of plan.remarks) context.remark(`- ${oneLine(remark)}.`);
  const record = await takeOver(plan, context);
  context.say(`To go back: ${undoWords(record, plan.status)}`);
  context.say(`vaultvisor status ${nameOf(plan.status)} tells how it does.`);
  return 0;
}
