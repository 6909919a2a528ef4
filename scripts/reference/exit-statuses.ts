import { answerMeanings, exitMeanings, exitStatuses } from '../../src/errors.ts';
import { code, type Page, page, table } from './page.ts';

/** Every exit status, from the list that errors get theirs from. */
export function exitStatusesPage(): Page {
  const failures = Object.entries(exitStatuses).map(([name, status]) => [
    code(String(status)),
    code(name),
    exitMeanings[name as keyof typeof exitStatuses],
  ]);
  const answers = Object.entries(answerMeanings).map(([status, meaning]) => [code(status), '', meaning]);
  return page(
    'exit-statuses.md',
    'Reference: exit statuses',
    'Every exit status of every command. They are those of `sysexits.h`, and stable.',
    table(['exit', 'code', 'meaning'], [...answers, ...failures]),
    'The errors that end with each: [errors.md](errors.md).',
  );
}
