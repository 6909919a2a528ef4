import { type Command, Option } from 'commander';
import { does, tells } from './command.ts';

/** Who is told what happens. */
export function notifyCommands(program: Command): void {
  const notify = program.command('notify').description('see to it that messages get through');
  tells(notify, 'look', 'Do messages get through to people?', 'vaultvisor notify test');
  const test = notify
    .command('test')
    .description('send every receiver of the args file a message, and tell what became of it (exit 69: one failed)')
    .addOption(
      new Option('--severity <severity>', 'who is told of that')
        .choices(['critical', 'warning', 'info'])
        .default('critical'),
    )
    .option('--receiver <name>', 'only this one')
    .option('--json', 'print JSON', false);
  tells(test, null, 'Does my pager ring?', 'vaultvisor notify test --severity critical');
  does(test, async () => (await import('../commands/notify.ts')).test);
}
