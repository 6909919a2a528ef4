import { type AcceptedRecord, keptClient, type Placed, placedClients, placeOf } from '../config/accepted-record.ts';
import { describeChanges } from '../config/changes.ts';
import { configError } from '../config/format.ts';
import { findKeyCopies } from '../config/key-copies.ts';
import { parseArgsFile } from '../config/load.ts';
import { withFiles } from '../config/read-files.ts';
import type { Config } from '../config/settings.ts';
import { VisorError } from '../errors.ts';

/** A configuration in force: the file's, and the clients that it no longer names but that still run. */
export interface InForce {
  readonly record: AcceptedRecord;
  readonly config: Config;
  readonly kept: readonly Placed[];
}

/** What another file would change. */
export interface Proposal {
  readonly inForce: InForce;
  /** Instances that it no longer names and that are to end. */
  readonly removed: readonly string[];
  readonly changes: readonly string[];
}

export interface Asked {
  readonly file: string;
  readonly text: string;
  readonly allowRemove: boolean;
}

/**
 * What comes into force with this text. Nothing is done yet.
 * @throws VisorError `config`: with all that is wrong in it
 */
export async function propose(
  before: InForce | null,
  asked: Asked,
  isRunning: (place: string) => boolean,
): Promise<Proposal> {
  const config = await readValid(asked);
  const named = new Set(placedClients(config).map(({ client }) => placeOf(client)));
  const missing = formerPlaces(before).filter((place) => !named.has(place));
  const removed = missing.filter((place) => asked.allowRemove || !isRunning(place));
  const kept = Object.fromEntries(
    missing.filter((place) => !removed.includes(place)).map((place) => [place, textOf(before, place)]),
  );
  const record: AcceptedRecord = { schema: 1, file: asked.file, text: asked.text, kept };
  const changes = [...describeChanges(before?.config ?? null, config), ...keptRemovals(before, removed)].map((line) =>
    explain(line, Object.keys(kept)),
  );
  return { inForce: inForce(record, config), removed, changes };
}

async function readValid({ file, text }: Asked): Promise<Config> {
  const parsed = parseArgsFile(text);
  if (!parsed.ok) throw configError(parsed.problems, file);
  const { config, problems } = await withFiles(text, parsed.config);
  const found = [...(await findKeyCopies(text, config)), ...problems];
  if (found.length > 0) throw configError(found, file);
  return config;
}

/** @throws VisorError `config` where the file moves what a running daemon stands on. */
export function refuseMoves(before: Config, after: Config): void {
  for (const key of ['home', 'lockDir'] as const) {
    if (before[key] === after[key]) continue;
    const message = `${key} cannot be changed from ${before[key] ?? 'the usual one'} to ${after[key] ?? 'the usual one'} while the daemon runs`;
    const next = 'The former file stays in force. Put the former value back, or stop the daemon and start it again.';
    throw new VisorError('config', message, next);
  }
}

/** The configuration of a record that was accepted earlier. @throws VisorError `config` where this version no longer reads it. */
export function restore(record: AcceptedRecord): InForce {
  const parsed = parseArgsFile(record.text);
  if (!parsed.ok) throw configError(parsed.problems, record.file);
  return inForce(record, parsed.config);
}

function inForce(record: AcceptedRecord, config: Config): InForce {
  const kept = Object.entries(record.kept).flatMap(([place, text]) => keptClient(text, place) ?? []);
  return { record, config, kept };
}

function formerPlaces(before: InForce | null): readonly string[] {
  return before ? [...placedClients(before.config), ...before.kept].map(({ client }) => placeOf(client)) : [];
}

const textOf = (before: InForce | null, place: string): string =>
  before?.record.kept[place] ?? before?.record.text ?? '';

/** What an earlier file had dropped is no longer a change of the file, and yet it ends now. */
function keptRemovals(before: InForce | null, removed: readonly string[]): readonly string[] {
  const kept = before?.kept.map(({ client }) => placeOf(client)) ?? [];
  return kept.filter((place) => removed.includes(place)).map((place) => `${place}: removed; its client is stopped`);
}

function explain(line: string, kept: readonly string[]): string {
  const place = kept.find((each) => line === `${each}: removed`);
  return place === undefined
    ? line
    : `${place}: no longer in the file; it runs on as it is until \`apply --allow-remove\``;
}
