import type { Command } from 'commander';
import { does, tells } from './command.ts';
import { groups } from './groups.ts';

/** What is about this program itself. */
export function programCommands(program: Command): void {
  const version = program
    .command('version')
    .description('print the version of this program, and of the daemon that runs')
    .option('--json', 'print JSON', false);
  tells(version, 'program', 'Which version is this, and which one runs?', 'vaultvisor version');
  does(version, async () => (await import('../commands/version.ts')).version);

  program.commandsGroup(groups.program.title);
  program.helpCommand('help [command]', 'What does a command do?');
}
