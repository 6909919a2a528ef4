import { existsSync } from 'node:fs';
import { sentenceOf } from '../../errors.ts';
import { systemctl } from '../systemctl.ts';
import { commandsIn, commandsOf } from './commands.ts';
import type { KeyFiles } from './key-files.ts';
import type { Manager } from './place.ts';
import { scriptText } from './script-text.ts';
import type { SeenUnit } from './strangers.ts';
import { parseUnits, type UnitText } from './unit-text.ts';

/** The services of systemd that run now or are started at boot. None where systemd does not run. */
export async function seeUnits(
  keyFiles: KeyFiles,
): Promise<{ readonly units: readonly SeenUnit[]; readonly unseen: readonly string[] }> {
  const lists = await Promise.all(managers().map(unitsOf));
  const texts = lists.flatMap(({ texts }) => texts);
  return {
    units: await Promise.all(texts.map((text) => seen(text, keyFiles))),
    unseen: lists.flatMap(({ unseen }) => unseen),
  };
}

/** That of the machine; and that of this user, where there is one. */
function managers(): readonly Manager[] {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return [
    ...(existsSync('/run/systemd/system') ? ['system' as const] : []),
    ...(runtime !== undefined && existsSync(`${runtime}/systemd/private`)
      ? [{ user: String(process.getuid?.()) }]
      : []),
  ];
}

type ManagedText = UnitText & { readonly manager: Manager };

async function unitsOf(
  manager: Manager,
): Promise<{ readonly texts: readonly ManagedText[]; readonly unseen: readonly string[] }> {
  try {
    const enabled = (
      await systemctl(manager, [
        'list-unit-files',
        '--state=enabled,enabled-runtime',
        '--type=service',
        '--plain',
        '--no-legend',
      ])
    )
      .split('\n')
      .map((line) => line.split(/\s/)[0] ?? '')
      .filter((name) => name.endsWith('.service') && !name.endsWith('@.service'));
    const shown = await systemctl(manager, ['show', `--property=${PROPERTIES}`, '--', '*.service', ...enabled]);
    return { texts: parseUnits(shown).map((text) => ({ ...text, manager })), unseen: [] };
  } catch (thrown) {
    return { texts: [], unseen: [`the units of systemd (${sentenceOf(thrown)})`] };
  }
}

const PROPERTIES = 'Id,ActiveState,UnitFileState,WorkingDirectory,RootDirectory,Environment,ExecStart';

async function seen(
  { name, active, enabled, manager, root, cwd, lines }: ManagedText,
  keyFiles: KeyFiles,
): Promise<SeenUnit> {
  const scripts = await Promise.all(lines.map(([program = '']) => scriptText(program, { root, cwd })));
  const commands = [...lines.flatMap((line) => commandsOf(line)), ...scripts.flatMap((text) => commandsIn(text))];
  const { keyed } = await keyFiles.among(commands, { root, cwd });
  return { name, manager, active, enabled, commands, keyed };
}
