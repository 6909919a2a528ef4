import { resolve } from 'node:path';
import { VisorError } from '../../errors.ts';
import { makeFolders } from '../../folders.ts';
import { homeAt } from '../../layout.ts';
import { writeAtomic } from '../../store/atomic-write.ts';
import type { Context } from '../context.ts';
import { argsTextOf, placeOf } from '../runner/args-text.ts';
import { passThrough } from '../runner/pass-through.ts';
import { parseRunnerLine } from '../runner/runner-line.ts';
import { run } from './run.ts';

/** One client, told by the flags of interbtc's runner. The args file that this comes to is written into the home: the other commands are given it. */
export async function runner(words: readonly string[], context: Context): Promise<number> {
  const line = parseRunnerLine(words);
  if (typeof line === 'string')
    throw new VisorError(
      'usage',
      line,
      'vaultvisor help runner tells which flags there are, and docs/take-over.md what becomes of them.',
    );
  const home = resolve(line.downloadPath, 'vaultvisor');
  const file = resolve(home, 'args.json');
  await makeFolders(home, 0o700);
  await writeAtomic(file, argsTextOf(line, { home, cwd: process.cwd(), env: process.env }), { mode: 0o600 });
  context.remark(`vaultvisor reads ${file}; ask it with vaultvisor status --config ${file}`);
  leaveAsTheOldOne();
  outliveReaders();
  const { network, client } = placeOf(line);
  const output = passThrough(homeAt(home).instance(network, client).log, process.stdout);
  try {
    return await run([], { strict: true, skipGuard: false }, { ...context, file });
  } finally {
    output.stop();
  }
}

/** Who reads our output may go: the client is not to be left alone for that. */
function outliveReaders(): void {
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', () => {});
}

/** The old one ended its client by four signals (interbtc-clients at 67266fe, `runner/src/main.rs:49`); of ours, SIGHUP would only read the file again. */
function leaveAsTheOldOne(): void {
  for (const signal of ['SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => process.kill(process.pid, 'SIGTERM'));
}
