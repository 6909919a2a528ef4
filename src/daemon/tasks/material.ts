import { chmod, readFile } from 'node:fs/promises';
import type { Account } from '../../account.ts';
import { readConfigFile } from '../../config/read-files.ts';
import { type Deployment, type SettingsFile, toApply } from '../../core/deployment.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import { inspectProgram } from '../../install/format.ts';
import { checkFits, thisHost } from '../../install/host.ts';
import type { Material } from '../../install/material.ts';
import { migrateArguments, type Named, type Step } from '../../install/migrate-arguments.ts';
import { sandbox } from '../../install/sandbox.ts';
import { accountFor, openWay } from '../instance/account.ts';
import { briefly, type Cell } from '../instance/cell.ts';
import { servedBefore } from '../instance/served-before.ts';
import type { Services } from '../services.ts';
import { refuseOtherKey } from './same-key.ts';

/**
 * What a deployment is started with: the operator's own args, env and config files, as the migrations on the way to its release leave them. Their bytes lie in
 * the store.
 */
export async function materialFor(of: Deployment, cell: Cell, signal: AbortSignal): Promise<Material> {
  const before = { args: of.args, env: of.env, files: await filesOf(of, cell) };
  const steps = await stepsOf(of, cell);
  if (steps.length === 0) return before;
  const as = await accountFor(of, null, cell);
  for (const { program } of steps) await openProgram(program, as, cell);
  await tellSandbox(as, cell);
  const { timeout } = cell.config().migrateArguments;
  const after = await migrateArguments(before, steps, { deadline: timeout, as }, signal);
  refuseOtherKey(of, after, cell.config());
  // never what they are: there may be secrets in them
  cell.log.info({ ...briefly(of), migrations: steps.map(({ checksum }) => checksum) }, 'the arguments were migrated');
  return after;
}

/** Each is told where its input comes from, and which release it ends at. */
async function stepsOf(of: Deployment, cell: Cell): Promise<readonly Step[]> {
  const migrations = toApply(of);
  const { version, checksum } = of.release;
  const first = servedBefore(cell.value(), of);
  const steps: Step[] = [];
  for (const [index, migration] of migrations.entries()) {
    const program = cell.services.blobs.path(migration.checksum);
    await refuseMisfit(migration.checksum, program);
    const former = migrations[index - 1];
    const from: Named | null = former === undefined ? first : { version: former.to, checksum: null };
    steps.push({ checksum: migration.checksum, program, from, to: { version, checksum } });
  }
  return steps;
}

async function refuseMisfit(checksum: string, program: string): Promise<void> {
  const why = await inspectProgram(program).then(
    (format) => checkFits(format, thisHost()),
    (error: unknown) => error,
  );
  if (why === null) return;
  const next = why instanceof VisorError ? why.next : 'Look at the store.';
  throw new VisorError('protocol', `The migration of arguments ${checksum}: ${sentenceOf(why)}`, next, { cause: why });
}

async function filesOf({ files = {} }: Deployment, cell: Cell): Promise<Material['files']> {
  const texts: Record<string, string> = {};
  for (const [name, file] of Object.entries(files)) texts[name] = await contentOf(name, file, cell);
  return texts;
}

/** As it was when the args file was read: from the store; from its own place where the store has lost it and it is the same. */
async function contentOf(name: string, { path, sha256 }: SettingsFile, { services }: Cell): Promise<string> {
  const checksum = `0x${sha256}`;
  if (await services.blobs.verify(checksum)) return readFile(services.blobs.path(checksum), 'utf8');
  const present = await readConfigFile(path).catch((error: unknown) => error);
  if (present instanceof Object && 'sha256' in present && 'text' in present && present.sha256 === sha256)
    return String(present.text);
  throw new VisorError(
    'io',
    `The config file ${name}, as ${path} was when it was read, is no longer in the store`,
    'Say vaultvisor apply: it reads the file as it is now, and makes a new deployment with that.',
  );
}

const told = new WeakSet<Services>();

/** Where its bytes lie it can be read and executed by whom it runs as. */
async function openProgram(program: string, as: Account | null, cell: Cell): Promise<void> {
  if (as === null) return;
  await openWay(program, cell);
  await chmod(program, 0o555);
}

async function tellSandbox(as: Account | null, { services, log }: Cell): Promise<void> {
  const { lacks } = await sandbox(as);
  if (lacks === null || told.has(services)) return;
  told.add(services);
  log.warn(
    { lacks },
    'migrations of arguments run with less around them than vaultvisor would wish: this machine cannot keep from them what is named',
  );
}
