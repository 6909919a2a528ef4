import { confirm, isCancel } from '@clack/prompts';
import type { Config } from '../../config/settings.ts';
import { VisorError } from '../../errors.ts';
import { ownCommand } from '../../own-program.ts';
import { textOf } from '../../systemd/unit/unit.ts';
import { factsOf } from '../systemd/facts.ts';
import { canInstall, installUnit, requireOurs, unitPath } from '../systemd/install.ts';
import { nextSteps } from '../systemd/next-steps.ts';
import { systemdHere } from '../systemd/version.ts';

const NAME = 'vaultvisor';

export interface UnitOptions {
  /** Said, so nobody is asked. */
  readonly installUnit: boolean;
  readonly units: string;
  readonly user: string;
}

/** For who would rather know before anything is written. @throws VisorError `usage` or `permission` where the unit that was asked for cannot be */
export async function requireUnitPossible({ installUnit: isAsked, units }: UnitOptions): Promise<void> {
  if (!isAsked) return;
  await requireOurs(units, NAME);
  if (await canInstall(units)) return;
  throw new VisorError(
    'permission',
    `No unit can be written to ${units}`,
    'Nothing was written. Run it as root (sudo) on a machine with systemd, where that folder is; or without --install-unit.',
  );
}

/**
 * Writes the unit where that was said, or is wished on a terminal. Nothing is enabled or started.
 * @returns the words that come after it; `null`: no unit was written
 */
export async function offerUnit(
  args: { readonly file: string; readonly text: string; readonly config: Config; readonly keyfile: string },
  options: UnitOptions,
  isAsking: boolean,
): Promise<readonly string[] | null> {
  const { units, user } = options;
  const isWished = options.installUnit || (isAsking && (await canInstall(units)) && (await isTaken(units, args.file)));
  if (!isWished) return null;
  const wanted = { name: NAME, program: ownCommand(), config: args.file, user, systemd: await systemdHere() };
  const facts = factsOf(args.text, args.config, wanted);
  const path = await installUnit(units, NAME, textOf(facts));
  return [`Wrote ${path}. Nothing is started yet.`, ...(await nextSteps(facts, NAME, [args.keyfile]))];
}

/** A person who leaves here has said no: the args file is written. */
async function isTaken(units: string, file: string): Promise<boolean> {
  const path = unitPath(units, NAME);
  const message = `Write a hardened unit of systemd for it too: ${path}? It is not enabled or started; vaultvisor systemd --explain --config ${file} says what is in it.`;
  const said = await confirm({ message });
  return !isCancel(said) && said;
}
