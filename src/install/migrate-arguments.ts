import type { Account } from '../account.ts';
import type { Checksum, Millis } from '../core/release.ts';
import { printable, VisorError } from '../errors.ts';
import { withWords } from './durable.ts';
import { bareEnvironment, withEmptyFolder } from './empty-folder.ts';
import { type Material, materialOf } from './material.ts';
import { howItEnded, longestLine, runOnce } from './run-once.ts';
import { sandbox } from './sandbox.ts';
import { secretsOf } from './secrets.ts';

/** What a release is called towards a migration. */
export interface Named {
  readonly version: string | null;
  readonly checksum: Checksum | null;
}

/** One migration whose bytes lie verified in the store. */
export interface Step {
  readonly checksum: Checksum;
  readonly program: string;
  /** What the material was made for; `null`: nobody knows. */
  readonly from: Named | null;
  readonly to: Named;
}

export interface MigrationLimits {
  /** How long each may take; 10 s. */
  readonly deadline?: Millis;
  /** How much it may write; 1 MiB. */
  readonly outputCap?: number;
  /** Whom it is run as, as the client is. */
  readonly as?: Account | null;
}

/** So much it may take to write some hundred arguments and a few config files. */
const usual = { deadline: 10_000, outputCap: 2 ** 20 };

/**
 * Runs migrations of arguments in their order, each on what the one before it made: `{args, env, files, from, to}` on its stdin, the same shape
 * on its stdout. Each gets an empty folder, nothing of our environment, and what `sandbox` can take from it.
 * @throws VisorError `protocol`, which migration and why; nothing of it is left then. What it says is told without what may be a secret.
 */
export async function migrateArguments(
  material: Material,
  steps: readonly Step[],
  limits: MigrationLimits,
  signal: AbortSignal,
): Promise<Material> {
  let present = material;
  for (const step of steps) present = await applied(present, step, limits, signal);
  return present;
}

async function applied(
  before: Material,
  step: Step,
  { deadline = usual.deadline, outputCap = usual.outputCap, as = null }: MigrationLimits,
  signal: AbortSignal,
): Promise<Material> {
  const { words } = await sandbox(as);
  const input = JSON.stringify({ ...before, from: step.from, to: step.to });
  const ending = await withEmptyFolder('migration', as, (cwd) => {
    const request = { words: [...words, step.program], cwd, env: bareEnvironment(cwd), limit: deadline };
    return runOnce({ ...request, input, outputCap }, signal);
  }).catch((thrown: unknown) => {
    throw withWords('A migration of arguments cannot be run (it needs `timeout` of coreutils)', thrown);
  });
  signal.throwIfAborted();
  if (ending.isTooLong) throw failure(step, `wrote more than ${outputCap} bytes`, '');
  const said = hideSecrets(ending.lastLine, before);
  if (ending.isLate || ending.code !== 0) throw failure(step, howItEnded(ending, deadline), said);
  if (ending.output.length === 0) throw failure(step, 'ended well, and wrote nothing', said);
  const after = materialOf(parsed(ending.output));
  if (after === null)
    throw failure(
      step,
      'wrote something else than {"args": [texts], "env": {texts}, "files": {texts by plain names}}',
      said,
    );
  return after;
}

/** Bytes that are no UTF-8 are no text that a client could be given. */
function parsed(output: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(output));
  } catch {
    return null;
  }
}

/** Of a longer line a secret could be cut, and then not be known again. */
function hideSecrets(line: string, material: Material): string {
  if (line.length > longestLine) return '(too long to be told without its secrets)';
  return secretsOf(material).reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), line);
}

function failure({ checksum, to }: Step, how: string, lastLine: string): VisorError {
  const said = lastLine === '' ? '' : ` Its last line: ${lastLine}`;
  const towards = to.version === null ? '' : ` to ${printable(to.version)}`;
  return new VisorError(
    'protocol',
    `The migration of arguments ${checksum.slice(0, 12)}…${towards} ${how}.${said}`,
    'What served before goes on, and it is tried again. Tell whoever publishes it; or write the new arguments into the args file yourself and add the checksum to "migrated" of the client.',
  );
}
