import type { CommandConfig, WebhookConfig } from '../../config/notify.ts';
import { printable, sentenceOf } from '../../errors.ts';
import type { Message } from '../../notify/message.ts';
import { failed, type Outcome } from '../../notify/outcome.ts';
import { sendWebhook } from '../../notify/send/webhook.ts';
import { endOf } from '../../probe/kinds/command.ts';
import { ownEnvironment } from '../../process/start/environment.ts';
import { fillSecrets } from '../../secrets.ts';

export interface Delivery {
  readonly attempt: number;
  readonly allowInsecure: boolean;
  readonly signal: AbortSignal;
}

/** EX_DATAERR of sysexits.h: the command says that this very message is wrong. */
const REFUSED = 65;

/** One attempt. @throws only when the signal aborts */
export function deliver(to: WebhookConfig | CommandConfig, message: Message, delivery: Delivery): Promise<Outcome> {
  return to.kind === 'webhook'
    ? sendWebhook(to, message, { ...delivery, fill: fillSecrets })
    : runCommand(to, message, delivery);
}

/** The message is its stdin: everybody of the machine may read arguments. */
async function runCommand({ run, deadline }: CommandConfig, message: Message, { signal }: Delivery): Promise<Outcome> {
  const place = { cwd: '/', env: ownEnvironment(process.env, {}), input: `${JSON.stringify(message)}\n` };
  try {
    const end = await endOf(run, place, deadline, signal);
    if (end === null) return failed(`it did not end within ${deadline / 1_000} s`, true);
    if (end.code === 0) return { is: 'delivered', words: 'exit 0' };
    const how = end.killedBy === null ? `exit ${end.code}` : `killed by ${end.killedBy}`;
    const words = end.lastLine === '' ? how : `${how}: ${end.lastLine}`;
    return end.code === REFUSED ? { is: 'refused', words } : failed(words, false);
  } catch (error) {
    signal.throwIfAborted();
    return failed(`it could not be started: ${printable(sentenceOf(error))}`, false);
  }
}
