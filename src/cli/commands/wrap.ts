import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makeFolders } from '../../folders.ts';
import { homeAt } from '../../layout.ts';
import { writeAtomic } from '../../store/atomic-write.ts';
import type { Context } from '../context.ts';
import { passThrough } from '../runner/pass-through.ts';
import { type WrapLine, wrappedFile } from '../wrap/args-of.ts';
import { run } from './run.ts';

/** In the home, where the other commands of the container find it (context.ts). */
const WRAP_FILE = 'wrap.json';

type Options = Omit<WrapLine, 'args'> & { readonly skipGuard: boolean };

/**
 * One client, told by flags and variables: the main process of a container. What they come to is written into the home and read like any args file.
 * Ends when it is told to, or with the client's own status where that may not be started again.
 */
export async function wrap(words: string[], options: Options, context: Context): Promise<number> {
  const home = resolve(options.home);
  const file = resolve(home, WRAP_FILE);
  const text = JSON.stringify(wrappedFile({ ...options, home, args: words }), null, 2);
  await makeFolders(home, 0o700);
  await keep(
    file,
    `// Written by vaultvisor wrap at each start, from its flags and variables: an edit is lost.\n${text}\n`,
  );
  // who reads our output may go: the client is not to be left alone for that
  process.stdout.removeAllListeners('error').on('error', () => {});
  const [network = '', client = ''] = options.place.split('/');
  const output = passThrough(homeAt(home).instance(network, client).log, process.stdout);
  try {
    return await run([], { strict: true, skipGuard: options.skipGuard, endsWithClient: true }, { ...context, file });
  } finally {
    output.stop();
  }
}

/** What says so already stays as it is: a volume without room is no reason to leave the client down. */
async function keep(file: string, text: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before !== text) await writeAtomic(file, text, { mode: 0o600 });
}
