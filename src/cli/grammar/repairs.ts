import type { Command } from 'commander';
import { does, placeWords, tells } from './command.ts';

/** What looks for what is wrong, and mends what it may. */
export function repairCommands(program: Command): void {
  const doctor = program
    .command('doctor')
    .description(
      'look for what keeps vaultvisor or its clients from being well, and tell how it is mended (exit 3: an error)',
    )
    .argument(...placeWords)
    .option('--fix', 'mend what is safe to mend; never a client', false)
    .option('--json', 'print JSON', false);
  tells(doctor, 'repair', 'find what is wrong with this machine, and mend it?', 'vaultvisor doctor --fix');
  does(doctor, async () => (await import('../commands/doctor.ts')).doctor);
}
