import type { Command } from 'commander';
import { does, placeWords, positive, tells } from './command.ts';

/** What only answers. */
export function answerCommands(program: Command): void {
  const status = program
    .command('status')
    .description('tell how each client is (exit 0: all well, 3: not all, 4: nothing runs)')
    .argument(...placeWords)
    .option('--json', 'print JSON', false)
    .option('--watch', 'print it anew each second', false)
    .option('--staged', 'exit 0 as soon as each has a release on disk that it could be started with, else 3', false);
  tells(status, 'look', 'Is every client well?', 'vaultvisor status --watch');
  does(status, async () => (await import('../commands/status.ts')).status);

  const history = program
    .command('history')
    .description(
      'tell what happened, oldest first: each update from its announcement to its end, with how long each part took',
    )
    .argument(...placeWords)
    .option('--json', 'print one JSON object a line', false)
    .option('--events', 'a line for each event, as it was written down', false)
    .option(
      '--limit <n>',
      'only the newest n: of updates and what happened beside, with --json or --events of events',
      positive,
    );
  tells(
    history,
    'look',
    'What happened, why, and how long did it take?',
    'vaultvisor history kintsugi/vault --limit 3',
  );
  does(history, async () => (await import('../commands/history.ts')).history);

  const logs = program
    .command('logs')
    .description('print what the client wrote: the lines of its present run, or of its last one')
    .argument(...placeWords)
    .option('-f, --follow', 'go on with what it writes, over restarts and updates', false)
    .option('-n, --lines <n>', 'only the newest n; all with --since or --past (default: 100)', positive)
    .option('--since <when>', 'from then on: 2h, 30m, or 2026-11-21T01:00:00Z; also of runs before')
    .option('--past', 'also of runs before, as far as they are kept', false)
    .option('--json', 'print one JSON object a line', false);
  tells(
    logs,
    'look',
    'What does the client itself say?',
    'vaultvisor logs kintsugi/vault -f',
    'vaultvisor logs --since 2h',
  );
  does(logs, async () => (await import('../commands/logs.ts')).logs);

  const check = program
    .command('check')
    .description('tell what the sources name, what runs, and what would happen; nothing is done')
    .argument(...placeWords)
    .option('--json', 'print JSON', false);
  tells(check, 'look', 'Which release, why not yet, what would bring it?', 'vaultvisor check kintsugi/vault');
  does(check, async () => (await import('../commands/check.ts')).check);

  const which = program
    .command('which')
    .description('print the path of the current binary')
    .argument(...placeWords);
  tells(which, 'look', 'Where is the program that runs?', 'vaultvisor which kintsugi/vault');
  does(which, async () => (await import('../commands/which.ts')).which);
}
