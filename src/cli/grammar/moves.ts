import { type Command, Option } from 'commander';
import { does, placeWords, positive, tells } from './command.ts';
import { rawWordsBehind } from './raw-words.ts';

/** How a client comes to vaultvisor, and leaves it. */
export function moveCommands(program: Command): void {
  const init = program
    .command('init')
    .description('write a first args file; asks on a terminal for what is not said, and never replaces a file')
    .usage('[options] [-- further arguments of the client]')
    .argument('[arguments...]', 'further arguments of the client, behind --')
    .option('--network <name>', 'kintsugi, interlay, pendulum, … or a name of yours')
    .option('--preset <name>', 'which client: interbtc-vault, interbtc-oracle, …')
    .option('--endpoint <url>', 'the node to read from; of a network that is known: a public one')
    .option('--keyfile <path>', 'its key file')
    .option('--keyname <name>', 'which key of it')
    .option('--account <ss58>', 'what it signs with: a copy elsewhere is noticed')
    .option('--client-port <n>', 'where the client serves its metrics')
    .addOption(new Option('--listen <address>', 'where vaultvisor serves its own').default('127.0.0.1:9617'))
    .addOption(new Option('--home <folder>', 'where vaultvisor keeps what it keeps').default('/var/lib/vaultvisor'))
    .option('--offline', 'without looking at the chain first', false)
    .option('--install-unit', 'also write a unit of systemd for it; on a terminal you are asked', false)
    .addOption(new Option('--units <folder>', 'where units lie').default('/etc/systemd/system'))
    .addOption(new Option('--user <user>', 'who the daemon of that unit runs as').default('vaultvisor'))
    .option('--force', 'also where the args file is there already', false);
  tells(
    init,
    'start',
    'write a first args file?',
    'vaultvisor init',
    'vaultvisor init --network kintsugi --preset interbtc-vault --keyfile /etc/key.json --keyname mine',
  );
  does(init, async () => (await import('../commands/init.ts')).init);

  const imported = program
    .command('import')
    .description('print the args file that keeps a client running as it runs today; nothing that runs is touched')
    .option('--unit <name>', 'the unit of systemd that runs it')
    .option('--pid <n>', 'its process, or the one that started it', positive)
    .option('--container <id>', 'the container of Docker that runs it')
    .option('--as <place>', 'NETWORK/CLIENT, as it is to be called; else by its node and its kind')
    .addOption(new Option('--home <folder>', 'where vaultvisor keeps what it keeps').default('/var/lib/vaultvisor'))
    .option('--write', 'write it to the args file (--config), secrets too, for its owner alone', false)
    .option('--force', 'also where that file is there already', false);
  tells(
    imported,
    'start',
    'write down how a client runs today?',
    'vaultvisor import --unit kintsugi-runner.service',
    'vaultvisor import --unit kintsugi-runner.service --write --config /etc/vaultvisor/args.json',
  );
  does(imported, async () => (await import('../commands/import.ts')).importRunning);

  const runner = program
    .command('runner')
    .description("run one client with the flags of interbtc's runner: no args file, in its place in an old unit")
    .usage('[options] --parachain-ws <url> -- [client arguments]')
    .allowUnknownOption()
    .allowExcessArguments()
    .option('--client-type <type>', 'vault, oracle or faucet (vault, if nothing is said)')
    .option('--parachain-ws <url>', 'the node that the releases are read from')
    .option(
      '--download-path <folder>',
      'where everything is kept, in its folder vaultvisor (here, if nothing is said)',
    );
  tells(
    runner,
    'start',
    'put vaultvisor into the place of the old runner?',
    'vaultvisor runner --parachain-ws ws://127.0.0.1:9944 --download-path /opt/runner -- --keyfile /etc/key.json',
  );
  does(runner, async () => {
    const { runner: act } = await import('../commands/runner.ts');
    return (_words, _options, context) => act(rawWordsBehind(runner), context);
  });

  const takeover = program
    .command('takeover')
    .description(
      'have the unit that runs a client today disabled and stopped, and run it here: same program, folder, user',
    )
    .argument(...placeWords)
    .option('--unit <name>', 'that unit; else the one that vaultvisor found')
    .option('--accept-differences', 'also where program, folder or user would be another', false);
  tells(
    takeover,
    'start',
    'take a client over from its old unit?',
    'vaultvisor takeover kintsugi/vault --unit kintsugi-runner.service',
  );
  does(takeover, async () => (await import('../commands/takeover.ts')).takeover);

  const eject = program
    .command('eject')
    .description('write a plain unit that runs a client as it runs now, stop it here, and start that')
    .argument(...placeWords)
    .option('--unit <name>', 'what the unit is called; else NETWORK-CLIENT.service')
    .option('--to <folder>', 'where its program and its variables go; else /opt/NETWORK-CLIENT')
    .addOption(new Option('--units <folder>', 'where units lie').default('/etc/systemd/system'))
    .option('--print', 'only print the unit', false)
    .option('--no-start', 'write it and stop the client here, but do not start it')
    .option('--force', 'also where that unit is there already', false);
  tells(eject, 'repair', 'leave vaultvisor again?', 'vaultvisor eject kintsugi/vault --print');
  does(eject, async () => (await import('../commands/eject.ts')).eject);
}
