import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Session } from '../../agent/session.ts';
import { sentenceOf } from '../../errors.ts';
import { makeFolders } from '../../folders.ts';
import { writeAtomic } from '../../store/atomic-write.ts';
import type { Cell } from '../instance/cell.ts';
import { tellBlocked } from '../instance/guard.ts';
import { stopWords } from './order.ts';

/** Another daemon may command it, or it is suspended: nobody tells when that ends (ms). */
const AGAIN = 2_000;

/** Which agent was told last to run this client; `null`: none. Advice: the lock on the volume is what excludes. */
export function formerSocket(path: string): string | null {
  try {
    const { schema, socket } = JSON.parse(readFileSync(path, 'utf8')) as { schema?: unknown; socket?: unknown };
    return schema === 1 && typeof socket === 'string' ? socket : null;
  } catch {
    return null;
  }
}

/** Before anything is commanded: whoever comes after us, with another file, knows whom to ask. A disk that takes nothing keeps no client down. */
export async function rememberSocket(socket: string, { folder, log }: Cell): Promise<void> {
  if (formerSocket(folder.agentRecord) === socket) return;
  try {
    await makeFolders(folder.root, 0o700);
    await writeAtomic(folder.agentRecord, `${JSON.stringify({ schema: 1, socket })}\n`);
  } catch (error) {
    log.warn(
      { path: folder.agentRecord, reason: sentenceOf(error) },
      'which agent runs the client could not be saved; its lock still guards it',
    );
  }
}

/**
 * Has what another agent runs of this client leave, where the file named that one before and names another now, or none. One whose process is gone runs
 * nothing, or its lock keeps the next start waiting.
 */
export async function leaveFormerAgent(cell: Cell, signal: AbortSignal): Promise<void> {
  const path = cell.folder.agentRecord;
  const former = formerSocket(path);
  if (former === null || former === (cell.config().agent?.socket ?? null)) return;
  for (;;) {
    const found = await cell.agent.once(former, signal);
    if ('send' in found) {
      await untilIdle(found, cell, signal);
      cell.agent.close();
    } else if (found.why !== 'nobody') {
      tellBlocked(`its former agent may still run it: ${found.words}`, cell);
      await pause(AGAIN, undefined, { signal });
      continue;
    }
    rmSync(path, { force: true });
    tellBlocked(null, cell);
    return;
  }
}

/** Has what runs leave, by the rule of the file; ends when it is proved that nothing is left, or the agent has ended. */
export async function untilIdle(session: Session, cell: Cell, signal: AbortSignal): Promise<void> {
  const { idles } = session.state();
  session.send(stopWords(null, cell));
  while (session.isOpen() && session.state().idles === idles) {
    signal.throwIfAborted();
    tellBlocked(session.state().blocked, cell);
    await session.changed(signal);
  }
}
