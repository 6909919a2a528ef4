import { resolve } from 'node:path';
import { VisorError } from '../../errors.ts';
import { ownCommand } from '../../own-program.ts';
import type { UnitFacts } from '../../systemd/unit/facts.ts';
import { explained, textOf } from '../../systemd/unit/unit.ts';
import { readArgsFile } from '../args-file.ts';
import type { Context } from '../context.ts';
import { factsOf } from '../systemd/facts.ts';
import { installUnit } from '../systemd/install.ts';
import { nextSteps } from '../systemd/next-steps.ts';
import { splitUp } from '../systemd/split/split.ts';
import { systemdHere } from '../systemd/version.ts';

interface Options {
  readonly explain: boolean;
  readonly install: boolean;
  readonly perInstance: boolean;
  readonly into: string;
  readonly name: string;
  readonly user: string;
  readonly program?: string;
  readonly for?: number;
}

/** Writes a unit for the args file as it is now, or one for each of its clients: to stdout, or where systemd looks for it. */
export async function systemd([place]: string[], options: Options, context: Context): Promise<number> {
  const config = resolve(context.file);
  const { text, config: parsed } = await readArgsFile(context.file);
  const program = options.program === undefined ? ownCommand() : [resolve(options.program)];
  const wanted = {
    name: options.name,
    program,
    config,
    user: options.user,
    systemd: options.for ?? (await systemdHere()),
  };
  if (options.perInstance) return splitUp({ text, config: parsed, wanted }, { ...options, place }, context);
  if (place !== undefined)
    throw new VisorError(
      'usage',
      `A unit for ${place} alone is one of several`,
      'Say --per-instance with it, or leave it out.',
    );
  const facts: UnitFacts = factsOf(text, parsed, wanted);
  if (options.explain) for (const line of explained(facts)) context.say(line);
  else if (!options.install) context.say(textOf(facts).trimEnd());
  if (!options.install) return 0;
  const path = await installUnit(options.into, options.name, textOf(facts));
  context.say(`Wrote ${path}.`);
  for (const line of await nextSteps(facts, options.name)) context.say(line);
  return 0;
}
