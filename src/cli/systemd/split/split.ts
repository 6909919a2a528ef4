import { statSync } from 'node:fs';
import type { Config } from '../../../config/settings.ts';
import { systemCode, VisorError } from '../../../errors.ts';
import { textOf } from '../../../systemd/unit/unit.ts';
import type { Context } from '../../context.ts';
import { matching } from '../../pick.ts';
import type { Wanted } from '../facts.ts';
import { unitPath } from '../install.ts';
import { planSplit } from './plan.ts';
import { splitSteps } from './steps.ts';
import { quietArgsText } from './text.ts';
import { filesWords, tradeWords } from './words.ts';
import { writeSplit } from './write.ts';

interface Asked {
  /** NETWORK or NETWORK/CLIENT: only theirs are shown. */
  readonly place: string | undefined;
  readonly explain: boolean;
  readonly install: boolean;
  readonly into: string;
}

/** A vaultvisor for each client: shows both files of each, or explains or writes them. Nothing is started or stopped. */
export async function splitUp(
  { text, config, wanted }: { readonly text: string; readonly config: Config; readonly wanted: Wanted },
  { place, explain, install, into }: Asked,
  context: Context,
): Promise<number> {
  if (install && place !== undefined)
    throw new VisorError('usage', `${place} alone cannot be installed`, 'All of them, or none: leave it out.');
  const all = planSplit(text, config, wanted, isThere);
  const shown = matching(all, place);
  const path = (name: string) => unitPath(into, name);
  if (explain) for (const line of [...filesWords(shown, path), ...tradeWords(all)]) context.say(line);
  else if (!install) {
    const isWhole = shown.map((instance) => {
      const args = quietArgsText(instance, wanted.config);
      context.say(`# ${instance.file}\n${args.text}\n# ${path(instance.name)}\n${textOf(instance.facts)}`);
      return args.isWhole;
    });
    if (isWhole.includes(false)) context.remark('Secrets are shown as [hidden]; --install writes the files with them.');
    context.remark(
      'Nothing was written. --explain says what each file is for, and what this costs; --install writes them.',
    );
  }
  if (!install) return 0;
  for (const written of await writeSplit(all, wanted.config, into)) context.say(`Wrote ${written}.`);
  for (const line of tradeWords(all)) context.say(line);
  const whole = { name: wanted.name, path: path(wanted.name), home: config.home };
  for (const line of await splitSteps(all, whole)) context.say(line);
  return 0;
}

/** @throws VisorError `permission` where that cannot be seen: a client that has run would be begun anew, without its journal */
function isThere(folder: string): boolean {
  try {
    return statSync(folder, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return false;
    throw new VisorError(
      'permission',
      `Whether ${folder} is there cannot be seen`,
      'Nothing was written. Run it as root (sudo): where a client has been run before, its files must say where its data are.',
      { cause: error },
    );
  }
}
