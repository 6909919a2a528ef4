import type { NotifyConfig, ReceiverConfig } from '../../config/notify.ts';
import { VisorError } from '../../errors.ts';
import type { Severity } from '../../notify/message.ts';
import type { Outcome } from '../../notify/outcome.ts';
import { isSevere } from '../../notify/receiver.ts';
import { sendHeartbeat } from '../../notify/send/heartbeat.ts';
import { trialMessage } from '../../notify/trial-message.ts';
import { fillSecrets } from '../../secrets.ts';
import { deliver } from './deliver.ts';

/** What became of a trial message. `notTold`: that receiver is not told what is of this severity. */
export interface Trial {
  readonly receiver: string;
  readonly kind: ReceiverConfig['kind'];
  readonly result: Outcome['is'] | 'notTold';
  readonly words: string;
}

export interface Tried {
  readonly severity: Severity;
  /** `null`: all. */
  readonly receiver: string | null;
}

/**
 * Sends every receiver one message at once, past its queue, and says what became of each: so that nobody finds out at night that nobody is told.
 * @throws VisorError `usage` where there is none, or none of that name
 */
export async function tryReceivers(
  config: NotifyConfig | null,
  allowInsecure: boolean,
  { severity, receiver }: Tried,
): Promise<readonly Trial[]> {
  const all = config?.receivers ?? [];
  const asked = all.filter(({ name }) => receiver === null || name === receiver);
  if (asked.length === 0)
    throw new VisorError(
      'usage',
      receiver === null ? 'The args file names no receiver' : `The args file names no receiver ${receiver}`,
      all.length === 0
        ? 'Write one into "notify" (docs/messages.md).'
        : `There are: ${all.map(({ name }) => name).join(', ')}.`,
    );
  return Promise.all(asked.map((to) => tryOne(to, severity, allowInsecure)));
}

async function tryOne(to: ReceiverConfig, severity: Severity, allowInsecure: boolean): Promise<Trial> {
  const here = { receiver: to.name, kind: to.kind };
  const { signal } = new AbortController();
  if (to.kind !== 'heartbeat' && !isSevere(severity, to.from))
    return { ...here, result: 'notTold', words: `it is told from ${to.from} on` };
  const outcome =
    to.kind === 'heartbeat'
      ? await sendHeartbeat(to, { fill: fillSecrets, allowInsecure, signal })
      : await deliver(to, trialMessage(severity), { attempt: 1, allowInsecure, signal });
  return { ...here, result: outcome.is, words: outcome.words };
}
