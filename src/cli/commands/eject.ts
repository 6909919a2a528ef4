import { chmod, copyFile, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ClientConfig } from '../../config/settings.ts';
import { VisorError } from '../../errors.ts';
import { makeFolders } from '../../folders.ts';
import type { Look } from '../../observe/look.ts';
import { writeAtomic } from '../../store/atomic-write.ts';
import { askDaemon } from '../client.ts';
import type { Context } from '../context.ts';
import { plainUnit } from '../eject/plain-unit.ts';
import { type Present, presentOf } from '../eject/present.ts';
import { locate } from '../home.ts';
import { nameOf, requirePlace, theOne } from '../pick.ts';
import { othersOf } from '../takeover/others.ts';
import { configOf } from '../takeover/plan.ts';
import { toldBy, unitName, unitNow } from '../takeover/unit.ts';
import { stop } from './child.ts';

interface Options {
  readonly unit?: string;
  readonly to?: string;
  readonly units: string;
  readonly print: boolean;
  readonly start: boolean;
  readonly force: boolean;
}

/**
 * Writes a unit that runs the client without vaultvisor, as it runs now. The files are written while it serves; then vaultvisor stops it, for good, and
 * only then systemd starts its own.
 */
export async function eject([place]: string[], options: Options, context: Context): Promise<number> {
  requirePlace(place);
  const located = await locate(context);
  const question = { method: 'GET', path: '/v1/status', patience: 10_000 } as const;
  const look = await askDaemon<Look>(located.home, question, context);
  const status = theOne(look.instances, place);
  const name = nameOf(status);
  const unit = unitName(options.unit ?? name.replace('/', '-'));
  const folder = options.to ?? join('/opt', name.replace('/', '-'));
  const present = await presentOf(status, located, look);
  const paths = {
    unit: join(options.units, unit),
    program: join(folder, basename(present.program)),
    variables: join(folder, 'environment'),
  };
  const plain = plainUnit({ ...present, program: paths.program, variables: paths.variables });
  if (options.print) {
    context.say(plain.unit.trimEnd());
    return 0;
  }
  await requireNew(paths.unit, unit, options.force);
  const config = configOf(status, located);
  if (status.child === null) await requireNobody(config, name, 'Nothing was changed');
  await write(paths, plain, present);
  await toldBy(['daemon-reload']);
  context.say(`1/3  ${paths.unit} is written, its program and its variables in ${folder}`);
  await stop([name], {}, { ...context, say: () => {} });
  context.say(`2/3  vaultvisor has stopped ${name}, and starts it no more`);
  const back = `To come back: vaultvisor takeover ${name} --unit ${unit}`;
  await requireNobody(config, name, `vaultvisor has stopped its own, and ${unit} is written and not started`);
  if (options.start) await startPlain(unit, name);
  context.say(
    options.start
      ? `3/3  ${unit} runs it, also after a reboot`
      : `3/3  systemctl enable --now ${unit} runs it: say it yourself`,
  );
  context.say(back);
  return 0;
}

/** Two would run otherwise: an old unit may be up that the client was once taken over from. */
async function requireNobody(config: ClientConfig, name: string, stands: string): Promise<void> {
  const [other] = await othersOf(config);
  if (other === undefined) return;
  throw new VisorError(
    'busy',
    `${name} runs already without vaultvisor: ${other.words}`,
    `${stands}. End that first: ${other.end}.`,
  );
}

interface Paths {
  readonly unit: string;
  readonly program: string;
  readonly variables: string;
}

/** A unit that is somebody's, of the same name, is not ours to replace; nor one that runs. */
async function requireNew(path: string, unit: string, force: boolean): Promise<void> {
  const { isActive } = await unitNow(unit);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isActive || (isThere && !force))
    throw new VisorError(
      'usage',
      isActive ? `${unit} runs already` : `${path} is there already`,
      isActive
        ? 'Nothing was changed. Name another with --unit.'
        : 'Nothing was changed. Name another with --unit, or replace it with --force.',
    );
}

/** The program is copied: what lies in the home belongs to vaultvisor, and goes with it. */
async function write(
  { unit, program, variables }: Paths,
  plain: { unit: string; variables: string },
  present: Present,
): Promise<void> {
  for (const path of [program, unit]) await makeFolders(dirname(path), 0o755);
  const beside = `${program}.${process.pid}.new`;
  await copyFile(present.program, beside);
  await chmod(beside, 0o755);
  await rename(beside, program);
  await writeAtomic(variables, plain.variables, { mode: 0o600 });
  await writeAtomic(unit, plain.unit, { mode: 0o644 });
}

async function startPlain(unit: string, name: string): Promise<void> {
  try {
    await toldBy(['enable', '--now', '--', unit]);
  } catch (error) {
    if (!(error instanceof VisorError)) throw error;
    throw new VisorError(
      error.code,
      error.message,
      `Nothing runs ${name} now: vaultvisor has stopped it, and ${unit} is written. Go on: systemctl enable --now ${unit}. Go back: systemctl disable --now ${unit} && vaultvisor start ${name}.`,
      { cause: error },
    );
  }
}
