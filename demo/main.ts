import { readFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { acts, type Outcome } from './acts.ts';
import { setStage } from './stage.ts';

const colour = (style: Parameters<typeof styleText>[0], text: string) =>
  process.stdout.isTTY && !process.env['NO_COLOR'] ? styleText(style, text) : text;
const print = (line = '') => process.stdout.write(`${line}\n`);
const duration = (ms: number) => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

/** Plays all acts on one stage. Exit 0: everything happened as promised; 1: something did not. */
async function play(): Promise<number> {
  const began = performance.now();
  print(colour('bold', 'vaultvisor demo: two real Substrate runtimes, real processes, one daemon'));
  const stage = await setStage();
  print(
    colour(
      'dim',
      `kintsugi ${stage.kintsugi.endpoint} (ClientsInfo), interlay ${stage.interlay.endpoint} (VaultRegistry), home ${stage.home}`,
    ),
  );
  const rows: string[][] = [];
  try {
    for (const [index, { title, intent, play: playAct }] of acts.entries()) {
      print();
      print(colour('bold', `Act ${index + 1}. ${title}`));
      print(`  ${intent}`);
      const outcome = await playAct(stage, (line) => print(colour('dim', `    · ${line}`)));
      print(`  ${colour('green', '✔')} ${outcome.happened}${downtime(outcome)}`);
      rows.push([
        `${index + 1}`,
        title,
        outcome.happened,
        outcome.downtime === null ? '–' : duration(outcome.downtime),
      ]);
    }
    const twice = await stage.overlaps();
    print();
    table([['act', '', 'what happened', 'downtime'], ...rows]);
    print();
    print(
      `Two clients of one account at the same time, by their own witness: ${twice.length}. ${duration(performance.now() - began)} in all.`,
    );
    return twice.length === 0 ? 0 : 1;
  } catch (error) {
    print(`  ${colour('red', '✘')} ${error instanceof Error ? error.message : String(error)}`);
    print(
      colour('dim', (await readFile(stage.daemon().log, 'utf8').catch(() => '')).split('\n').slice(-25).join('\n')),
    );
    return 1;
  } finally {
    await stage.close();
  }
}

const downtime = ({ downtime: ms }: Outcome) =>
  ms === null ? '' : `; downtime ${duration(ms)}, measured by the clients`;

function table(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [index, row] of rows.entries()) {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    print(index === 0 ? colour('bold', line) : line);
  }
}

process.exitCode = await play();
