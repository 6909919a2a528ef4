import type { Command } from 'commander';
import { does, placeWords, tells } from './command.ts';
import type { Group } from './groups.ts';

/** Of the examples: it has the length of a real one. */
const checksum = `0x${'2fd5b912'.repeat(8)}`;

/** What a person asks of a daemon. */
export function actCommands(program: Command): void {
  const hold = program
    .command('hold')
    .alias('pause')
    .description('no switches from now on; the child runs on')
    .argument(...placeWords)
    .option('--for <duration>', 'how long; 24h if nothing is said');
  tells(hold, 'decide', 'keep every release out for a while?', 'vaultvisor hold kintsugi --for 24h');
  does(hold, async () => (await import('../commands/say.ts')).hold);
  simple(program, 'unhold', 'end a hold', 'decide', 'end that?').alias('resume');
  for (const [name, description, question] of [
    [
      'stop',
      'stop the child; it stays down, also over restarts of the daemon',
      'take a client down for my own maintenance?',
    ],
    ['start', 'start the child again', 'bring it up again?'],
    ['restart', 'stop the child and start it again', 'have a client leave and start anew?'],
  ] as const) {
    const command = program
      .command(name)
      .description(description)
      .argument(...placeWords);
    if (name === 'start')
      command.option('--skip-guard', 'also if its account is watched or signs: no copy of it runs elsewhere', false);
    tells(command, 'repair', question, `vaultvisor ${name} kintsugi/vault`);
    does(command, async () => (await import('../commands/child.ts'))[name]);
  }
  simple(
    program,
    'rollback',
    'go back to the release before, and keep out the present one',
    'repair',
    'go back to the release before?',
  );
  const retry = program
    .command('retry')
    .description('let a quarantined release in again')
    .argument('[words...]', 'first NETWORK or NETWORK/CLIENT, then its checksum; without one: all that are quarantined')
    .usage('[options] [NETWORK[/CLIENT]] [CHECKSUM]');
  tells(retry, 'repair', 'let in again what is quarantined?', 'vaultvisor retry kintsugi/vault');
  does(retry, async () => (await import('../commands/say.ts')).retry);
  const approve = program
    .command('approve')
    .description('say yes to a release, where the args file asks for that (gates.approval)')
    .argument('<checksum...>', 'first NETWORK or NETWORK/CLIENT, then the SHA-256 of the release')
    .usage('[options] [NETWORK[/CLIENT]] CHECKSUM')
    .option('--withdraw', 'take the yes back', false);
  tells(approve, 'decide', 'say yes to a release that waits for me?', `vaultvisor approve kintsugi/vault ${checksum}`);
  does(approve, async () => (await import('../commands/say.ts')).approve);
  const pin = program
    .command('pin')
    .description('run this release, until the source names another one than it names now')
    .argument('<checksum...>', 'first NETWORK or NETWORK/CLIENT, then the SHA-256 of the release')
    .usage('[options] [NETWORK[/CLIENT]] CHECKSUM')
    .option('--uri <uri>', 'where its bytes are')
    .option('--forever', 'until `unpin`, whatever the source names', false);
  tells(pin, 'decide', 'run another release than the one that is named?', `vaultvisor pin kintsugi/vault ${checksum}`);
  does(pin, async () => (await import('../commands/say.ts')).pin);
  simple(program, 'unpin', 'follow the source again', 'decide', 'follow the chain again?');
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
  tells(stage, 'decide', 'bring the bytes of a release here myself?', 'vaultvisor stage /media/usb/vault-1.3.0');
  does(stage, async () => (await import('../commands/stage.ts')).stage);
  const unstage = program
    .command('unstage')
    .description('no longer keep what was staged')
    .argument('<checksum>', 'the SHA-256 of it');
  tells(unstage, 'decide', 'no longer keep what I brought?', `vaultvisor unstage ${checksum}`);
  does(unstage, async () => (await import('../commands/stage.ts')).unstage);
}

/** What clients are started with, and why. */
function argsCommands(program: Command): void {
  const args = program.command('args').description('look at what clients are started with after migrations');
  tells(args, 'look', 'What is a client started with, and why?', 'vaultvisor args show kintsugi/vault');
  const show = args
    .command('show')
    .description('tell what each deployment gets, and why; secrets are hidden')
    .argument(...placeWords)
    .option('--json', 'print JSON', false);
  tells(show, null, 'What is each release started with, and why?', 'vaultvisor args show kintsugi/vault');
  does(show, async () => (await import('../commands/args.ts')).show);
  const adopt = args
    .command('adopt')
    .description('write the migrated arguments into the args file, and keep the former one beside it')
    .argument(...placeWords)
    .option('--files', 'write the migrated config files to their places too', false)
    .option('--yes', 'without being asked', false);
  tells(adopt, null, 'How do I make my args file say what runs?', 'vaultvisor args adopt kintsugi/vault');
  does(adopt, async () => (await import('../commands/args.ts')).adopt);
}

function simple(
  program: Command,
  name: 'unhold' | 'rollback' | 'unpin',
  description: string,
  group: Group,
  question: string,
): Command {
  const command = program
    .command(name)
    .description(description)
    .argument(...placeWords);
  tells(command, group, question, `vaultvisor ${name} kintsugi/vault`);
  does(command, async () => (await import('../commands/say.ts'))[name]);
  return command;
}
