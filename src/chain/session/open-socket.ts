import { WebSocket } from 'ws';
import type { SessionTuning } from './session.ts';

/**
 * An open WebSocket, or an Error. The deadline is our own: the one of `ws` counts from the last byte, so a server that
 * drips would hold us for ever. No compression: a small frame could unpack to a large one.
 */
export function openSocket(endpoint: string, tuning: SessionTuning, signal: AbortSignal): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = new WebSocket(endpoint, {
      maxPayload: tuning.maxFrame,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const settled = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      socket.off('open', opened);
    };
    const refuse = (reason: Error) => {
      settled();
      socket.terminate();
      reject(reason);
    };
    const opened = () => {
      settled();
      resolve(socket);
    };
    const aborted = () => refuse(new Error('no longer wanted'));
    const timer = setTimeout(
      () => refuse(new Error(`no handshake within ${tuning.handshake / 1_000} s`)),
      tuning.handshake,
    );
    signal.addEventListener('abort', aborted, { once: true });
    socket.on('open', opened);
    // it stays: ending a socket that still connects makes one more error, and one that nobody hears ends the process
    socket.on('error', refuse);
  });
}
