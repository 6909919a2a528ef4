import { cpus, loadavg } from 'node:os';
import type { Figure } from './figure.ts';
import { download } from './figures/download.ts';
import { downtime } from './figures/downtime.ts';
import { headToSignal } from './figures/head-to-signal.ts';
import { memory } from './figures/memory.ts';
import { startUp } from './figures/start-up.ts';
import { asMarkdown, asText, MARKDOWN_HEAD } from './report.ts';
import { setScene } from './scene.ts';

const figures: readonly Figure[] = [downtime, headToSignal, download, memory, startUp];

/** `[NAME…] [--markdown]`: measures those figures, all by default; `--markdown` prints the table of docs/benchmarks.md. */
async function bench(words: readonly string[]): Promise<number> {
  const isMarkdown = words.includes('--markdown');
  const names = words.filter((word) => word !== '--markdown');
  const unknown = names.filter((name) => !figures.some((figure) => figure.name === name));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(', ')}; there are ${figures.map(({ name }) => name).join(', ')}`);
    return 64;
  }
  const print = isMarkdown ? asMarkdown : asText;
  console.log(isMarkdown ? `${machine()}\n\n${MARKDOWN_HEAD}` : `${machine()}\n`);
  let status = 0;
  for (const figure of figures.filter(({ name }) => names.length === 0 || names.includes(name))) {
    status = Math.max(status, await one(figure, print));
  }
  return status;
}

/** That a goal is missed is a figure, not a failure; that nothing could be measured is one. */
async function one(figure: Figure, print: typeof asText): Promise<number> {
  const scene = await setScene();
  try {
    console.log(print(figure, await figure.measure(scene)));
    return 0;
  } catch (error) {
    console.error(`${figure.name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await scene.close();
  }
}

/** Who else works on the machine is in every figure. */
function machine(): string {
  const load = loadavg().map((average) => average.toFixed(1));
  return `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${load.join(' ')} at the start`;
}

process.exitCode = await bench(process.argv.slice(2));
process.exit();
