import type { WebSocket } from 'ws';
import type { Tuning } from '../tuning.ts';

/** Asks a quiet peer whether it is there: a half-open TCP connection says nothing for two hours by itself. */
export interface Heartbeat {
  /** Anything came in. */
  heard(): void;
  stop(): void;
}

export function startHeartbeat(
  socket: WebSocket,
  { ping, pong }: Pick<Tuning, 'ping' | 'pong'>,
  silent: () => void,
): Heartbeat {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const ask = () => {
    timer = setTimeout(silent, pong);
    socket.ping();
  };
  const heard = () => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(ask, ping);
  };
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
  };
  socket.on('pong', heard);
  heard();
  return { heard, stop };
}
