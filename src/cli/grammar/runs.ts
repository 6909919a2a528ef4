import type { Command } from 'commander';
import { does, positive, tells } from './command.ts';

/** The daemon itself, and the file that it reads. */
export function runCommands(program: Command): void {
  const run = program
    .command('run')
    .description('run the daemon in the foreground')
    .option('--strict', 'refuse to start with an invalid args file, although one was accepted before', false)
    .option('--skip-guard', 'start every client at once: none has a copy on another machine', false);
  tells(
    run,
    'start',
    'run the daemon that looks after my clients?',
    'vaultvisor run --config /etc/vaultvisor/args.json',
  );
  does(run, async () => (await import('../commands/run.ts')).run);

  const config = program.command('config').description('look at the args file; nothing is done');
  tells(config, 'start', 'know what is wrong in my args file?', 'vaultvisor config validate');
  const validate = config
    .command('validate')
    .description('tell all that is wrong in it')
    .option('--json', 'print JSON', false);
  tells(validate, null, 'What is wrong in my args file?', 'vaultvisor config validate --config new-args.json');
  does(validate, async () => (await import('../commands/config.ts')).validate);
  const show = config
    .command('show')
    .description('print it with every default filled in and secrets hidden')
    .option('--origin', 'a line for each setting of a client, with where it comes from');
  tells(show, null, 'What is each setting, and who said it?', 'vaultvisor config show --origin');
  does(show, async () => (await import('../commands/config.ts')).show);
  const schema = config.command('schema').description('print its JSON Schema, for editors');
  tells(schema, null, 'Which keys are there, and what may they be?', 'vaultvisor config schema > args.schema.json');
  does(schema, async () => (await import('../commands/config.ts')).schema);

  const apply = program
    .command('apply')
    .description('have the daemon read the args file now, and tell what changes')
    .option('--allow-remove', 'end the clients that the file no longer names', false)
    .option('--json', 'print JSON', false);
  tells(apply, 'start', 'have an edit of the args file taken up now?', 'vaultvisor apply');
  does(apply, async () => (await import('../commands/apply.ts')).apply);

  const systemd = program
    .command('systemd')
    .description('write a hardened unit for the args file as it is now, or say why each of its lines is there')
    .argument('[place]', 'with --per-instance: NETWORK or NETWORK/CLIENT, to see only its files')
    .option('--per-instance', 'an args file and a unit for each client, instead of one for all', false)
    .option('--explain', 'print each line with its reason instead', false)
    .option('--install', 'write it where systemd looks for it, and tell what to do next; nothing is started', false)
    .option('--into <folder>', 'where that is', '/etc/systemd/system')
    .option('--name <name>', 'what the unit is called', 'vaultvisor')
    .option('--user <user>', 'who the daemon runs as', 'vaultvisor')
    .option('--program <path>', 'what it executes (else this very program)')
    .option('--for <version>', 'which systemd it is written for (else that of this machine)', positive);
  tells(
    systemd,
    'start',
    'have systemd run it?',
    'vaultvisor systemd --explain',
    'vaultvisor systemd --install',
    'vaultvisor systemd --per-instance --explain',
  );
  does(systemd, async () => (await import('../commands/systemd.ts')).systemd);
}
