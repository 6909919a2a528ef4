import type { Command } from 'commander';
import { does, placeWords } from './command.ts';

/** What a person asks of a daemon. */
export function actCommands(program: Command): void {
  const hold = program
    .command('hold')
    .alias('pause')
    .description('no switches from now on; the child runs on')
    .argument(...placeWords)
    .option('--for <duration>', 'how long; 24h if nothing is said');
  does(hold, async () => (await import('../commands/say.ts')).hold);
  simple(program, 'unhold', 'end a hold').alias('resume');
  for (const [name, description] of [
    ['stop', 'stop the child; it stays down, also over restarts of the daemon'],
    ['start', 'start the child again'],
    ['restart', 'stop the child and start it again'],
  ] as const) {
    const command = program
      .command(name)
      .description(description)
      .argument(...placeWords);
    if (name === 'start')
      command.option('--skip-guard', 'also if its account is watched or signs: no copy of it runs elsewhere', false);
    does(command, async () => (await import('../commands/child.ts'))[name]);
  }
  simple(program, 'rollback', 'go back to the release before, and keep out the present one');
  const retry = program
    .command('retry')
    .description('let a quarantined release in again')
    .argument('[words...]', 'first NETWORK or NETWORK/CLIENT, then its checksum; without one: all that are quarantined')
    .usage('[options] [NETWORK[/CLIENT]] [CHECKSUM]');
  does(retry, async () => (await import('../commands/say.ts')).retry);
  const approve = program
    .command('approve')
    .description('say yes to a release, where the args file asks for that (gates.approval)')
    .argument('<words...>', 'first NETWORK or NETWORK/CLIENT, then the SHA-256 of the release')
    .usage('[options] [NETWORK[/CLIENT]] CHECKSUM')
    .option('--withdraw', 'take the yes back', false);
  does(approve, async () => (await import('../commands/say.ts')).approve);
  const pin = program
    .command('pin')
    .description('run this release, until the source names another one than it names now')
    .argument('<words...>', 'first NETWORK or NETWORK/CLIENT, then the SHA-256 of the release')
    .usage('[options] [NETWORK[/CLIENT]] CHECKSUM')
    .option('--uri <uri>', 'where its bytes are')
    .option('--forever', 'until `unpin`, whatever the source names', false);
  does(pin, async () => (await import('../commands/say.ts')).pin);
  simple(program, 'unpin', 'follow the source again');
  stageCommands(program);
  argsCommands(program);
}

/** Bytes that a person brings. No daemon need run. */
function stageCommands(program: Command): void {
  const stage = program
    .command('stage')
    .description('put bytes into the store before anything names them; without a file: list what is staged')
    .argument('[file-or-url]', 'a file of this machine, or an https:// URL')
    .option('--checksum <sha256>', 'refuse other bytes')
    .option('--json', 'print JSON', false);
  does(stage, async () => (await import('../commands/stage.ts')).stage);
  const unstage = program
    .command('unstage')
    .description('no longer keep what was staged')
    .argument('<checksum>', 'the SHA-256 of it');
  does(unstage, async () => (await import('../commands/stage.ts')).unstage);
}

/** What clients are started with, and why. */
function argsCommands(program: Command): void {
  const args = program.command('args').description('look at what clients are started with after migrations');
  const show = args
    .command('show')
    .description('tell what each deployment gets, and why; secrets are hidden')
    .argument(...placeWords)
    .option('--json', 'print JSON', false);
  does(show, async () => (await import('../commands/args.ts')).show);
  const adopt = args
    .command('adopt')
    .description('write the migrated arguments into the args file, and keep the former one beside it')
    .argument(...placeWords)
    .option('--files', 'write the migrated config files to their places too', false)
    .option('--yes', 'without being asked', false);
  does(adopt, async () => (await import('../commands/args.ts')).adopt);
}

function simple(program: Command, name: 'unhold' | 'rollback' | 'unpin', description: string): Command {
  const command = program
    .command(name)
    .description(description)
    .argument(...placeWords);
  does(command, async () => (await import('../commands/say.ts'))[name]);
  return command;
}
