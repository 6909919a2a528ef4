import { resolve } from 'node:path';
import { VisorError } from '../../errors.ts';
import type { Look } from '../../observe/look.ts';
import { askDaemon } from '../client.ts';
import type { Context } from '../context.ts';
import { locate } from '../home.ts';
import { oneLine } from '../print/words.ts';
import { withProgress } from '../progress.ts';

/** Has the daemon read its file now; prints what that changes once it is in force. */
export async function apply(_words: string[], options: { allowRemove: boolean }, context: Context): Promise<number> {
  const { home } = await locate(context);
  const { daemon } = await askDaemon<Look>(home, { method: 'GET', path: '/v1/status', patience: 10_000 }, context);
  if (resolve(daemon.file) !== resolve(context.file)) throw anotherFile(daemon.file, context.file);
  const { changes } = await withProgress('the daemon to take it up', () =>
    askDaemon<{ changes: readonly string[] }>(home, { method: 'POST', path: '/v1/apply', body: options }, context),
  );
  context.say(
    changes.length === 0 ? 'Accepted; nothing changes.' : ['Accepted:', ...changes.map(oneLine)].join('\n  '),
  );
  return 0;
}

const anotherFile = (theirs: string, ours: string): VisorError =>
  new VisorError(
    'usage',
    `The daemon of this home reads ${theirs}, not ${ours}`,
    `Nothing was done. Say --config ${theirs}, or start the daemon with the other file.`,
  );
