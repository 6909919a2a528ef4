import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';

/**
 * What nobody caught is a bug of ours, and no reason to let go of a client that moves money: the next daemon would end it as an
 * orphan. Every instance, connection and task stands for itself, so the others go on.
 */
export function outliveBugs(log: Log): void {
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => {
    log.error(
      { reason: sentenceOf(error), stack: error instanceof Error ? error.stack : undefined },
      'nobody caught this: please report it; the clients are not touched',
    );
  });
}
