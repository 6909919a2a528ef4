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
}

function simple(program: Command, name: 'unhold' | 'rollback' | 'unpin', description: string): Command {
  const command = program
    .command(name)
    .description(description)
    .argument(...placeWords);
  does(command, async () => (await import('../commands/say.ts'))[name]);
  return command;
}
