import type { Command } from 'commander';
import { does, tells } from './command.ts';

/** What is the entry point of a container (docs/containers.md). */
export function containerCommands(program: Command): void {
  const agent = program
    .command('agent')
    .description(
      "run one client in its own container, for a daemon in another; the daemon never sees the client's secrets",
    )
    .requiredOption('--socket <path>', 'where it listens: in a folder of mode 0700 that both containers share')
    .option('--locks <folder>', "where the clients' locks lie (else VAULTVISOR_LOCKS, else `locks` beside the socket)");
  tells(
    agent,
    'start',
    "run a client in its own image, beside the daemon's?",
    'vaultvisor agent --socket /vv/run/agent.sock',
  );
  does(agent, async () => (await import('../commands/agent.ts')).agent);
}
