import { type Command, Option } from 'commander';
import { does } from './command.ts';

const levels = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The daemon itself, and the file that it reads. */
export function runCommands(program: Command): void {
  const run = program
    .command('run')
    .description('run the daemon in the foreground')
    .option('--strict', 'refuse to start with an invalid args file, although one was accepted before', false)
    .option('--skip-guard', 'start every client at once: none has a copy on another machine', false)
    .addOption(new Option('--log-level <level>', 'how much the log says').choices(levels).default('info'));
  does(run, async () => (await import('../commands/run.ts')).run);

  const config = program.command('config').description('look at the args file; nothing is done');
  const validate = config
    .command('validate')
    .description('tell all that is wrong in it')
    .option('--json', 'print JSON', false);
  does(validate, async () => (await import('../commands/config.ts')).validate);
  const show = config
    .command('show')
    .description('print it with every default filled in and secrets hidden')
    .option('--origin', 'a line for each setting of a client, with where it comes from');
  does(show, async () => (await import('../commands/config.ts')).show);
  const schema = config.command('schema').description('print its JSON Schema, for editors');
  does(schema, async () => (await import('../commands/config.ts')).schema);

  const apply = program
    .command('apply')
    .description('have the daemon read the args file now, and tell what changes')
    .option('--allow-remove', 'end the clients that the file no longer names', false);
  does(apply, async () => (await import('../commands/apply.ts')).apply);
}
