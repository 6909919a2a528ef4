import { parseDuration } from './duration.ts';
import type { WholeClient } from './inherit.ts';
import type { ClientFile } from './schema.ts';

/**
 * Two times of which one must not be longer than the other. Where the file says one of them, the default of the other
 * gives way: who writes `"healthyDeadline": "1m"` did not say that a client needs five minutes to be healthy.
 */
export function fitPairs(whole: WholeClient, said: ClientFile): WholeClient {
  const { health, restart, retry, download } = whole;
  return {
    ...whole,
    health: { ...health, ...reconcile(health, said.health, 'minHealthyTime', 'healthyDeadline') },
    restart: { ...restart, ...reconcile(restart, said.restart, 'delay', 'max') },
    retry: { ...retry, ...reconcile(retry, said.retry, 'after', 'max') },
    download: {
      ...download,
      retry: { ...download.retry, ...reconcile(download.retry, said.download?.retry, 'after', 'max') },
    },
  };
}

function reconcile<Short extends string, Long extends string>(
  whole: Readonly<Record<Short | Long, string>>,
  said: Readonly<Partial<Record<Short | Long, string | undefined>>> | undefined,
  short: Short,
  long: Long,
): Partial<Record<Short | Long, string>> {
  const isInOrder = (parseDuration(whole[short]) ?? 0) <= (parseDuration(whole[long]) ?? 0);
  if (isInOrder) return {};
  const [shortSaid, longSaid] = [said?.[short] !== undefined, said?.[long] !== undefined];
  if (shortSaid && !longSaid) return { [long]: whole[short] } as Partial<Record<Short | Long, string>>;
  if (longSaid && !shortSaid) return { [short]: whole[long] } as Partial<Record<Short | Long, string>>;
  return {};
}
