import { isDeepStrictEqual } from 'node:util';
import type { JSONPath } from 'jsonc-parser';
import { placedClients, placeOf } from '../../config/accepted-record.ts';
import { readDocument } from '../../config/document.ts';
import { type Entry, networkEntries } from '../../config/inherit.ts';
import { parseArgsFile } from '../../config/load.ts';
import { argsFile, type ClientFile } from '../../config/schema.ts';
import { type Deployment, deploymentOf, type Settings, toApply } from '../../core/deployment.ts';
import { VisorError } from '../../errors.ts';
import type { Result } from '../../install/material.ts';
import type { Explained } from '../disk/deployments.ts';
import { edit, editList } from './edit-list.ts';

export interface Rewriting {
  readonly network: string;
  readonly client: string;
  readonly deployment: Deployment;
  readonly rule: NonNullable<Explained['rule']> | null;
  readonly result: Result;
}

/**
 * The text of the args file with the migrated arguments in it. Where a word is what one of the operator's own came to (a placeholder), his own stays.
 * @throws VisorError `usage` where the file cannot be written so that the same comes out of it
 */
export function rewrite(text: string, on: Rewriting): string {
  const { network, client, deployment, result } = on;
  const { own, entry, settings } = clientIn(text, on);
  const lead: JSONPath = ['networks', network, 'clients', client];
  const place = on.rule === null ? null : own.when?.[on.rule.index];
  if (on.rule !== null && place === undefined)
    throw unwritable(`the rule for ${on.rule.versions} stands in "defaults", and other clients have it too`);
  const rule: JSONPath = on.rule === null ? [] : ['when', on.rule.index];
  const words = wordsOf(entry, deployment, settings);
  let edited = text;
  if (!isDeepStrictEqual(result.args, deployment.args)) {
    const after = result.args.map((arg) => words.get(arg) ?? arg);
    const [path, before] = place?.args === undefined ? [['args'], own.args] : [[...rule, 'args'], place.args];
    edited =
      before === undefined
        ? edit(edited, [...lead, ...path], after)
        : editList(edited, [...lead, ...path], before, after);
  }
  for (const name of new Set([...Object.keys(result.env), ...Object.keys(deployment.env)])) {
    if (result.env[name] === deployment.env[name]) continue;
    const path = place?.env?.[name] === undefined ? ['env', name] : [...rule, 'env', name];
    edited = edit(edited, [...lead, ...path], result.env[name]);
  }
  const seen = [...(entry.whole.migrated ?? []), ...toApply(deployment).map(({ checksum }) => checksum)];
  edited = edit(edited, [...lead, 'migrated'], [...new Set(seen)]);
  requireSame(edited, on);
  return edited;
}

interface Found {
  /** As the file writes it. */
  readonly own: ClientFile;
  readonly entry: Entry;
  readonly settings: Settings;
}

function clientIn(text: string, { network, client }: Rewriting): Found {
  const { document } = readDocument(text);
  const file = argsFile.parse(document.value);
  const entries = networkEntries(document, file).flatMap((each) => each.entries);
  const entry = entries.find((each) => each.network === network && each.client === client);
  const own = file.networks[network]?.clients[client];
  const settings = settingsIn(text, `${network}/${client}`);
  if (entry !== undefined && own !== undefined && settings !== null) return { own, entry, settings };
  throw unwritable(`it does not name ${network}/${client}`);
}

function settingsIn(text: string, place: string): Settings | null {
  const parsed = parseArgsFile(text);
  if (!parsed.ok) return null;
  return placedClients(parsed.config).find(({ client }) => placeOf(client) === place)?.client.settings ?? null;
}

/** What the operator wrote, by what it comes to for this release. */
function wordsOf({ whole }: Entry, { release }: Deployment, settings: Settings): ReadonlyMap<string, string> {
  const pairs = [
    [whole.args, settings.args] as const,
    ...whole.when.map(({ args = [] }, index) => [args, settings.when?.[index]?.args ?? []] as const),
  ];
  const filled = (texts: readonly string[]) => deploymentOf(release, { ...settings, when: [], args: texts }).args;
  return new Map(
    pairs.flatMap(([written, rendered]) => {
      const final = filled(rendered);
      return written.map((word, index) => [final[index] ?? word, word] as const);
    }),
  );
}

/** Nothing is written that does not start the client with what it is started with now. */
function requireSame(text: string, { network, client, deployment, result }: Rewriting): void {
  const settings = settingsIn(text, `${network}/${client}`);
  if (settings === null) throw unwritable('what would stand there is not accepted');
  const then = deploymentOf(deployment.release, settings, deployment.migrations);
  const isSame = isDeepStrictEqual([then.args, then.env], [result.args, result.env]) && toApply(then).length === 0;
  if (!isSame)
    throw unwritable(
      'something that the client inherits ("defaults", its preset) or a placeholder would come out otherwise',
    );
}

const unwritable = (why: string): VisorError =>
  new VisorError(
    'usage',
    `The migrated arguments cannot be written into the args file: ${why}`,
    'Nothing was changed. Write them yourself: vaultvisor args show prints them, and "migrated" of the client names the migrations that they have seen.',
  );
