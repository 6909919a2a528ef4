// The dev chain for people: `npm run devchain` runs one, `npm run devchain -- publish …` publishes on one that runs.
import { Command, InvalidArgumentError } from 'commander';
import { startDevChain } from './dev-chain.ts';
import type { ReleaseMigrations } from './governor.ts';
import { publish } from './publish.ts';

const PORT = 9944;
const ENDPOINT = `ws://127.0.0.1:${PORT}`;

const program = new Command('npm run devchain --')
  .description('A small real Substrate chain on this machine, which names releases. All of it is gone when it ends.')
  .enablePositionalOptions();

program
  .command('start', { isDefault: true })
  .description('run the chain in the foreground')
  .option('--port <port>', 'where it listens, on 127.0.0.1 only', wholeNumber, PORT)
  .option('--every <seconds>', 'a block every so many seconds, beside one for every extrinsic', wholeNumber, 6)
  .action(run);

const publishing = program.command('publish').description('name the release to run from now on');
onChain(publishing.command('vault-registry <version> <checksum>'))
  .description('VaultRegistry.set_vault_release')
  .action((version: string, checksum: string, { endpoint }: At) =>
    publish(endpoint, (governor) => governor.publishVaultRelease(version, checksum)),
  );
onChain(publishing.command('vault-registry-migrations <version>'))
  .description('VaultRegistry.set_release_migrations: what leads to a version; with neither option it has none')
  .option('--arguments <checksum>', 'of what migrates arguments, environment and config files')
  .option('--data <checksum>', 'of what migrates the data')
  .action((version: string, { endpoint, ...migrations }: At & ReleaseMigrations) =>
    publish(endpoint, (governor) => governor.setReleaseMigrations(version, migrations)),
  );
onChain(publishing.command('clients-info <client> <uri> <checksum>'))
  .description('ClientsInfo.set_current_client_release')
  .action((client: string, uri: string, checksum: string, { endpoint }: At) =>
    publish(endpoint, (governor) => governor.setCurrentRelease(client, uri, checksum)),
  );
onChain(program.command('pending <client> <uri> <checksum>'))
  .description('ClientsInfo.set_pending_client_release: current with the next runtime upgrade')
  .action((client: string, uri: string, checksum: string, { endpoint }: At) =>
    publish(endpoint, (governor) => governor.setPendingRelease(client, uri, checksum)),
  );
onChain(program.command('authorize'))
  .description('announce the runtime upgrade (System.authorize_upgrade)')
  .action(({ endpoint }: At) => publish(endpoint, (governor) => governor.authorizeUpgrade()));
onChain(program.command('upgrade'))
  .description('upgrade the runtime: what is pending becomes current')
  .action(({ endpoint }: At) => publish(endpoint, (governor) => governor.upgradeRuntime()));

await program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
// rxjs timers that nobody waits for would hold a finished command for 1.75 s
process.exit();

interface At {
  readonly endpoint: string;
}

function onChain(command: Command): Command {
  return command.option('--endpoint <url>', 'of the running chain', ENDPOINT);
}

async function run({ port, every }: { port: number; every: number }): Promise<void> {
  // heard from the beginning: a Ctrl-C during the start ends what was started
  const stopped = new AbortController();
  const stop = () => stopped.abort(new Error('stopped before the chain was up'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const chain = await startDevChain({ port, blockTime: every * 1_000, signal: stopped.signal });
  const at = chain.endpoint === ENDPOINT ? '' : ` --endpoint ${chain.endpoint}`;
  console.log(`The dev chain listens on ${chain.endpoint} (genesis ${chain.genesis}), a block every ${every} s. Ctrl-C ends it.

Publish from another terminal:
  npm run devchain -- publish vault-registry${at} 1.2.3 0x<sha256>
  npm run devchain -- publish vault-registry-migrations${at} 1.2.3 --arguments 0x<sha256> --data 0x<sha256>
  npm run devchain -- publish clients-info${at} vault https://example.org/vault 0x<sha256>
  npm run devchain -- pending${at} vault https://example.org/vault 0x<sha256>
  npm run devchain -- upgrade${at}`);
  await chain.ended;
  if (!stopped.signal.aborted) throw new Error("the chain's process ended by itself; start it again");
}

function wholeNumber(value: string): number {
  if (!/^[1-9][0-9]*$/.test(value)) throw new InvalidArgumentError('a whole number above 0 is wanted.');
  return Number(value);
}
