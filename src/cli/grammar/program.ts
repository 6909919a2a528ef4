import { Argument, type Command } from 'commander';
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

  const completion = program
    .command('completion')
    .description('print a script that has your shell complete commands, options and clients')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']));
  tells(
    completion,
    'program',
    'How does the Tab key know commands and clients?',
    'vaultvisor completion bash > /etc/bash_completion.d/vaultvisor',
  );
  does(completion, async () => (await import('../commands/completion.ts')).completion);

  // what those scripts ask, at each Tab
  const complete = program
    .command('complete', { hidden: true })
    .description('print what may stand next')
    .argument('[words...]', 'what is written, after `--`');
  does(complete, async () => (await import('../commands/completion.ts')).complete);

  program.commandsGroup(groups.program.title);
  for (const command of [program, ...program.commands.filter(({ commands }) => commands.length > 0)])
    command.helpCommand('help [command]', 'What does a command do?');
}
