import { once } from 'node:events';
import { connect } from 'node:net';
import type { Millis } from '../../core/release.ts';
import { sentenceOf } from '../../errors.ts';
import { within } from '../../within.ts';
import { listenerOf } from '../listener/listener.ts';
import { failed, type Outcome, passed } from '../probe.ts';
import { hostAndPort, lasting } from '../reasons.ts';

/** Passes when our child listens on the address and takes a connection within the limit. */
export async function probeTcp(
  host: string,
  port: number,
  pid: number,
  limit: Millis,
  signal: AbortSignal,
): Promise<Outcome> {
  const listener = await listenerOf(host, port, pid);
  if (!listener.isOurs) return failed(listener.why);
  const shown = hostAndPort(host, port);
  try {
    const isOpen = await within(limit, signal, (own) => open(listener.address, port, own));
    return isOpen === null ? failed(`${shown} took no connection within ${lasting(limit)}`) : passed;
  } catch (thrown) {
    signal.throwIfAborted();
    return failed(`${shown} took no connection: ${sentenceOf(thrown)}`);
  }
}

async function open(host: string, port: number, signal: AbortSignal): Promise<true> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return true;
  } finally {
    socket.on('error', () => {}).destroy();
  }
}
