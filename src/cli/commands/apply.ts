import { resolve } from 'node:path';
import { VisorError } from '../../errors.ts';
import type { Look } from '../../observe/look.ts';
import { oneLine } from '../../observe/words/pieces.ts';
import { momentWords } from '../../observe/words/time.ts';
import { askDaemon } from '../client.ts';
import type { Context } from '../context.ts';
import { locate } from '../home.ts';
import { withProgress } from '../progress.ts';

interface Applied {
  readonly changes: readonly string[];
  /** What the file changed when it was taken up the last time that it changed anything: the daemon watches it, and is mostly faster. */
  readonly last?: { readonly at: string; readonly changes: readonly string[] } | null;
}

interface Options {
  readonly allowRemove: boolean;
  readonly json: boolean;
}

/** Has the daemon read its file now; prints what that changes once it is in force. */
export async function apply(_words: string[], { allowRemove, json }: Options, context: Context): Promise<number> {
  const { home } = await locate(context);
  const { daemon } = await askDaemon<Look>(home, { method: 'GET', path: '/v1/status', patience: 10_000 }, context);
  if (resolve(daemon.file) !== resolve(context.file)) throw anotherFile(daemon.file, context.file);
  const question = { method: 'POST', path: '/v1/apply', body: { allowRemove } } as const;
  const applied = await withProgress('the daemon to take it up', () => askDaemon<Applied>(home, question, context));
  const { changes, last = null } = applied;
  if (json) context.json({ changes, last });
  else context.say(words(applied));
  return 0;
}

function words({ changes, last }: Applied): string {
  if (changes.length > 0) return ['Accepted:', ...changes.map(oneLine)].join('\n  ');
  if (!last) return 'Accepted; nothing changes.';
  const when = momentWords(last.at, Date.now());
  return [`Accepted; nothing changes any more. It was taken up ${when}:`, ...last.changes.map(oneLine)].join('\n  ');
}

const anotherFile = (theirs: string, ours: string): VisorError =>
  new VisorError(
    'usage',
    `The daemon of this home reads ${theirs}, not ${ours}`,
    `Nothing was done. Say --config ${theirs}, or start the daemon with the other file.`,
  );
