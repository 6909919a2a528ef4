import { cpus, loadavg } from 'node:os';
import type { Figure } from './figure.ts';
import { download } from './figures/download.ts';
import { downtime } from './figures/downtime.ts';
import { headToSignal } from './figures/head-to-signal.ts';
import { memory } from './figures/memory.ts';
import { migration } from './figures/migration.ts';
import { startUp } from './figures/start-up.ts';
import { writePage } from './page.ts';
import { asMarkdown, asText, MARKDOWN_HEAD } from './report.ts';
import { setScene } from './scene.ts';

const figures: readonly Figure[] = [downtime, headToSignal, download, memory, startUp, migration];

/**
 * `[NAME…] [--markdown | --page]`: measures those figures, all by default. `--markdown` prints them as a table,
 * `--page` writes that table into docs/benchmarks.md.
 */
async function bench(words: readonly string[]): Promise<number> {
  const names = words.filter((word) => !word.startsWith('--'));
  const known = ['--markdown', '--page', ...figures.map(({ name }) => name)];
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(', ')}; there are ${known.join(', ')}`);
    return 64;
  }
  const isTable = words.includes('--markdown') || words.includes('--page');
  const lines = [isTable ? `${machine()}\n\n${MARKDOWN_HEAD}` : `${machine()}\n`];
  console.log(lines[0]);
  let status = 0;
  for (const figure of figures.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const line = await one(figure, isTable ? asMarkdown : asText);
    if (line === null) status = 1;
    else lines.push(line);
  }
  if (words.includes('--page') && status === 0) writePage(lines.join('\n'));
  return status;
}

/** That a goal is missed is a figure, not a failure; that nothing could be measured is one. */
async function one(figure: Figure, words: typeof asText): Promise<string | null> {
  const scene = await setScene();
  try {
    const line = words(figure, await figure.measure(scene));
    console.log(line);
    return line;
  } catch (error) {
    console.error(`${figure.name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  } finally {
    await scene.close();
  }
}

/** Who else works on the machine is in every figure. */
function machine(): string {
  const load = loadavg().map((average) => average.toFixed(1));
  const today = new Date().toISOString().slice(0, 10);
  return `${today}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, load ${load.join(' ')} at the start`;
}

process.exitCode = await bench(process.argv.slice(2));
process.exit();
