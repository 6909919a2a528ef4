// Writes docs/reference/ from the sources (schema, grammar, exporter, errors); --check only looks whether it is current.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argsFilePage } from './reference/args-file.ts';
import { commandsPage } from './reference/commands.ts';
import { errorsPage } from './reference/errors.ts';
import { eventsPage } from './reference/events.ts';
import { exitStatusesPage } from './reference/exit-statuses.ts';
import { metricsPage } from './reference/metrics.ts';

const folder = join(import.meta.dirname, '../docs/reference');
mkdirSync(folder, { recursive: true });
const pages = [argsFilePage(), commandsPage(), errorsPage(), eventsPage(), exitStatusesPage(), metricsPage()];
const names = pages.map(({ name }) => name);
const strange = readdirSync(folder).filter((name) => !names.includes(name));
const stale = pages.filter(({ name, text }) => read(name) !== text);

if (!process.argv.includes('--check')) {
  for (const name of strange) rmSync(join(folder, name));
  for (const { name, text } of stale) writeFileSync(join(folder, name), text);
} else if (strange.length + stale.length > 0) {
  const which = [...strange, ...stale.map(({ name }) => name)].join(', ');
  console.error(`docs/reference is not what the sources say (${which}). Run: npm run reference`);
  process.exitCode = 1;
}

function read(name: string): string | null {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return null;
  }
}
