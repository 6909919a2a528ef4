import type { Command } from 'commander';
import { does, placeWords, tells } from './command.ts';

const updateWords = [
  '<update...>',
  'first NETWORK or NETWORK/CLIENT, then the update as `backups list` names it',
] as const;

/** The backups of data that migrations change. */
export function backupCommands(program: Command): void {
  const backups = program.command('backups').description('look at the backups of data, and put one back');
  tells(backups, 'repair', 'see the backups of data, and put one back?', 'vaultvisor backups list');
  const list = backups
    .command('list')
    .description('tell which there are, the newest first')
    .argument(...placeWords)
    .option('--json', 'print JSON', false);
  tells(list, null, 'Which backups are there, and are they still needed?', 'vaultvisor backups list');
  does(list, async () => (await import('../commands/backups.ts')).list);
  const verify = backups
    .command('verify')
    .description('compare them with what was written down when they were made (exit 74: one is damaged)')
    .argument(...placeWords)
    .option('--json', 'print JSON', false);
  tells(verify, null, 'Are the backups sound?', 'vaultvisor backups verify');
  does(verify, async () => (await import('../commands/backups.ts')).verify);
  const restore = backups
    .command('restore')
    .description('put the data back as they were before an update; the client must be stopped')
    .argument(...updateWords)
    .usage('[options] [NETWORK[/CLIENT]] UPDATE');
  tells(
    restore,
    null,
    'How do I put the data back as they were before an update?',
    'vaultvisor backups restore kintsugi/vault 1763744000000-63e1502bd07c',
  );
  does(restore, async () => (await import('../commands/restore.ts')).restore);
  const prune = backups
    .command('prune')
    .description('remove those that nothing needs any more, but for the newest (data.keep)')
    .argument(...placeWords);
  tells(prune, null, 'How do I remove what nothing needs any more?', 'vaultvisor backups prune');
  does(prune, async () => (await import('../commands/backups.ts')).prune);
}
