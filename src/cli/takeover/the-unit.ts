import { VisorError } from '../../errors.ts';
import type { Stranger } from '../../process/strangers/strangers.ts';
import type { TakeoverRecord } from '../../store/state-takeover.ts';
import { processesOf, type Unit, unitName, unitNow } from './unit.ts';

export interface Found {
  /** By the person. */
  readonly said: string | undefined;
  /** NETWORK/CLIENT. */
  readonly name: string;
  /** Who runs the client today. */
  readonly others: readonly Stranger[];
  readonly record: TakeoverRecord | null;
}

/** The one unit whose client it is. @throws VisorError where it is not sure to be that, or something else would run the client on; nothing was changed then */
export async function theUnit({ said, name, others, record }: Found): Promise<Unit> {
  const seen = [...new Set(others.flatMap(({ unit }) => unit ?? []))];
  const known = said === undefined ? (seen[0] ?? (record?.done === false ? record.unit : undefined)) : unitName(said);
  if (known === undefined) throw nothingToTake(name, others[0]);
  if (said === undefined && seen.length > 1)
    throw refused(
      `Several units run ${name}: ${seen.join(', ')}`,
      'Name one with --unit, and end the others yourself.',
    );
  const unit = await unitNow(known);
  if (!unit.isLoaded)
    throw refused(`systemd knows no unit ${known}`, 'Look it up with systemctl list-units --type=service --all.');
  if (unit.startedBy.length > 0)
    throw refused(
      `${known} is started by ${unit.startedBy.join(' and ')} too`,
      `Say systemctl disable --now ${unit.startedBy.join(' ')} first.`,
    );
  requireIts(unit, name, others);
  return unit;
}

function nothingToTake(name: string, first: Stranger | undefined): VisorError {
  return first === undefined
    ? refused(`Nothing that can be seen from here runs ${name} without vaultvisor`, 'Name the unit with --unit.')
    : refused(
        `${first.words} is of no unit of this machine's systemd`,
        `End it yourself: ${first.end}. vaultvisor starts its own within ten seconds.`,
      );
}

/** Whoever else runs it would still be there, and its end is not ours to bring about. A unit that does not run it is not ours to stop. */
function requireIts(unit: Unit, name: string, others: readonly Stranger[]): void {
  const own = new Set(processesOf(unit).map(({ pid }) => pid));
  const isOf = ({ pid, unit: its }: Stranger): boolean => (pid === null ? its === unit.name : own.has(pid));
  const other = others.find((one) => !isOf(one));
  if (other !== undefined)
    throw new VisorError(
      'busy',
      `${unit.name} is not alone: there is ${other.words} as well`,
      `Nothing was changed. End that first: ${other.end}.`,
    );
  if (unit.isActive && others.length === 0)
    throw refused(
      `Nothing tells that ${unit.name} runs ${name}`,
      'Its key file, key name or account must be in the arguments of both; strangers.texts of the args file may name what else gives it away.',
    );
}

const refused = (message: string, next: string): VisorError =>
  new VisorError('usage', message, `Nothing was changed. ${next}`);
