import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Instance } from '../../core/instance.ts';
import { VisorError } from '../../errors.ts';
import { loadState } from '../../store/state-record.ts';
import { type ChangedFile, changedFiles } from '../adopt/files.ts';
import { replace } from '../adopt/replace.ts';
import { type Rewriting, rewrite } from '../adopt/rewrite.ts';
import { readArgsFile } from '../args-file.ts';
import type { Context } from '../context.ts';
import { type Explained, explain } from '../disk/deployments.ts';
import { clientsOnDisk, type Known } from '../disk/in-force.ts';
import { type Located, locate } from '../home.ts';
import { matching, nameOf, requirePlace, theOne } from '../pick.ts';
import { argsBlock, argsJson } from '../print/args.ts';

/** Tells what each deployment is started with, and why; from disk, no daemon need run. */
export async function show([place]: string[], { json }: { json: boolean }, context: Context): Promise<number> {
  requirePlace(place);
  const located = await locate(context);
  const known = matching(await remembered(located), place);
  const all = await Promise.all(known.map(async (one) => ({ one, explained: await explainedOf(one, located) })));
  if (json) {
    const instances = all.map(({ one: { network, client }, explained }) => ({
      network,
      client,
      deployments: explained.map(argsJson),
    }));
    context.json({ instances });
    return 0;
  }
  for (const { one, explained } of all)
    context.say([nameOf(one), ...(explained.length === 0 ? ['  nothing yet'] : explained.map(argsBlock))].join('\n'));
  return 0;
}

interface AdoptOptions {
  readonly files: boolean;
  readonly yes: boolean;
}

/** Writes what migrations have made of the committed deployment's arguments into the args file. Only a person ever does. */
export async function adopt([place]: string[], options: AdoptOptions, context: Context): Promise<number> {
  requirePlace(place);
  const located = await locate(context);
  const one = theOne(await remembered(located), place);
  const { text } = await readArgsFile(context.file);
  requireInForce(text, located, context);
  const on = adoptable(one, await explainedOf(one, located));
  const folder = located.home.instance(one.network, one.client).deployment(on.deployment.id).files;
  const files = changedFiles(on.deployment, on.result, folder);
  if (files.length > 0 && !options.files) throw filesNeeded(files);
  const edited = rewrite(text, on);
  await requireYes(one, on, files, options.yes, context);
  const now = new Date();
  const kept: string[] = [];
  // first: a file that was read twice in its former form is migrated once more; one in its new form, of which nobody knew, would not be
  for (const { path, migrated } of files) kept.push(await replace(path, await readFile(migrated, 'utf8'), now));
  kept.push(await replace(context.file, edited, now));
  context.say(
    [
      `${context.file} has the migrated arguments of ${nameOf(one)} now. What was there before: ${kept.join(', ')}`,
      'The daemon takes it up as an edit: the client is restarted once with these arguments, on probation.',
    ].join('\n'),
  );
  return 0;
}

const remembered = async (located: Located): Promise<readonly Known[]> =>
  (await clientsOnDisk(located)).filter(({ forgotten }) => !forgotten);

async function explainedOf({ network, client }: Known, { home }: Located): Promise<readonly Explained[]> {
  const folder = home.instance(network, client);
  const loaded = await loadState(folder);
  const instance: Instance | null = loaded.found === 'state' ? loaded.instance : null;
  return instance === null ? [] : explain(instance, folder);
}

/** What is written must be on top of what the daemon knows, else the edit of somebody would be adopted without having been tried. */
function requireInForce(text: string, { accepted }: Located, { file }: Context): void {
  if (accepted !== null && accepted.text === text && resolve(accepted.file) === resolve(file)) return;
  throw new VisorError(
    'usage',
    `${file} is not what is in force`,
    'Nothing was changed. Say vaultvisor apply, and wait until what it says runs; then adopt.',
  );
}

function adoptable(one: Known, explained: readonly Explained[]): Rewriting {
  const current = explained.find(({ is }) => is === 'current');
  const nothing = (why: string, next: string) =>
    new VisorError('usage', `There is nothing of ${nameOf(one)} to adopt: ${why}`, `Nothing was changed. ${next}`);
  if (current === undefined) throw nothing('nothing is committed yet', 'Look at vaultvisor status.');
  const { deployment, rule, result, applied } = current;
  if (applied.length === 0)
    throw nothing('it is started as the args file says', 'vaultvisor args show tells of each deployment.');
  if (rule === undefined)
    throw nothing('what is committed was made of former settings', 'Wait until the present ones are, then adopt.');
  if (result === null) throw nothing('its folder is damaged', 'vaultvisor restart lays it out again.');
  return { network: one.network, client: one.client, deployment, rule, result };
}

function filesNeeded(files: readonly ChangedFile[]): VisorError {
  const names = files.map(({ name, path }) => `${name} (${path})`).join(', ');
  return new VisorError(
    'usage',
    `The migrations changed config files too: ${names}`,
    'Nothing was changed. Say it with --files, and they are replaced as well, the former ones kept beside them.',
  );
}

/** Told before it is done: it restarts a client that serves. */
async function requireYes(
  one: Known,
  on: Rewriting,
  files: readonly ChangedFile[],
  yes: boolean,
  { file, remark }: Context,
): Promise<void> {
  if (yes) return;
  const places = [file, ...files.map(({ path }) => path)].join(', ');
  remark(argsBlock({ is: 'current', applied: on.deployment.migrations ?? [], passedOver: [], ...on }));
  remark(`This is written to ${places}; ${nameOf(one)} is then restarted once, on probation.`);
  if (!process.stdin.isTTY)
    throw new VisorError('usage', 'Nobody is there to be asked', 'Nothing was changed. Say it with --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Write it? [y/N] ').finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new VisorError('usage', 'It was not wanted', 'Nothing was changed.');
}
