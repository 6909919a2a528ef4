import type { ApiOptions } from '@polkadot/api/types';
import { WebSocket } from 'ws';
import { sentenceOf, VisorError } from '../../errors.ts';
import type { Tuning } from '../tuning.ts';
import { parseFrame } from './frame.ts';
import { startHeartbeat } from './heartbeat.ts';
import { openSocket } from './open-socket.ts';
import { createRequests, type Requests } from './requests.ts';

/** The seam of `@polkadot/api` to a node. */
export type ProviderInterface = NonNullable<ApiOptions['provider']>;

/** How a session differs between its users: a few of the network's figures. */
export type SessionTuning = Pick<Tuning, 'handshake' | 'request' | 'ping' | 'pong' | 'maxFrame'>;

/**
 * One connection to one node, used once: whatever goes wrong (a frame that makes no sense, silence, a request without an answer)
 * ends it, and nobody tries to mend it. It can feed `@polkadot/api`.
 */
export interface Session extends ProviderInterface {
  /** Host and port, without what may be secret in the path of an endpoint. */
  readonly host: string;
  /** Resolves when it is over, with the reason; never rejects. */
  readonly over: Promise<VisorError>;
  send<T = unknown>(method: string, params: readonly unknown[]): Promise<T>;
  /** Ends it; requests under way are rejected with the reason. */
  end(reason: VisorError): void;
}

/** Connects. Throws a VisorError (`network`) when that fails or takes too long; an abort ends it, and later the session. */
export async function openSession(endpoint: string, tuning: SessionTuning, signal: AbortSignal): Promise<Session> {
  const host = hostOf(endpoint);
  const socket = await openSocket(endpoint, tuning, signal).catch((error: unknown) => {
    throw lost(host, `cannot connect (${sentenceOf(error)})`, error);
  });
  return liveSession(host, socket, tuning, signal);
}

export function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : 'an endpoint that is no URL';
}

/** A node that is gone or broken, in words that name it. */
export function lost(host: string, what: string, cause?: unknown): VisorError {
  return new VisorError('network', `${host}: ${what}`, 'The next endpoint is tried; the client runs on.', { cause });
}

function liveSession(host: string, socket: WebSocket, tuning: SessionTuning, signal: AbortSignal): Session {
  let finish: (reason: VisorError) => void = () => undefined;
  const over = new Promise<VisorError>((resolve) => {
    finish = resolve;
  });
  const end = (reason: VisorError): void => {
    signal.removeEventListener('abort', aborted);
    heartbeat.stop();
    requests.fail(reason);
    socket.terminate();
    finish(reason);
  };
  const aborted = () => end(lost(host, 'no longer wanted'));
  const requests = createRequests({
    write: (text) => socket.send(text),
    timeout: tuning.request,
    expired: (method) => end(lost(host, `did not answer ${method} within ${tuning.request / 1_000} s`)),
  });
  const heartbeat = startHeartbeat(socket, tuning, () => end(lost(host, 'fell silent')));
  socket.on('message', (data, isBinary) => {
    heartbeat.heard();
    try {
      if (isBinary) throw new Error('a binary frame');
      requests.hear(parseFrame(String(data)));
    } catch (error) {
      end(
        new VisorError(
          'protocol',
          `${host}: sent ${sentenceOf(error)}`,
          'The next endpoint is tried; the client runs on.',
        ),
      );
    }
  });
  socket.on('error', (error) => end(lost(host, sentenceOf(error), error)));
  socket.on('close', (code) => end(lost(host, `closed the connection (${code})`)));
  signal.addEventListener('abort', aborted, { once: true });
  if (signal.aborted) aborted();
  // it may have closed between the handshake and our listening
  if (socket.readyState !== WebSocket.OPEN) end(lost(host, 'closed the connection at once'));
  return asSession({ host, over, end }, requests, socket);
}

/** The session as `@polkadot/api` knows it; it is connected from the start and never comes back. */
function asSession(life: Pick<Session, 'host' | 'over' | 'end'>, requests: Requests, socket: WebSocket): Session {
  const self: Session = {
    ...life,
    hasSubscriptions: true,
    isClonable: false,
    get isConnected() {
      return socket.readyState === WebSocket.OPEN;
    },
    clone: () => self,
    connect: async () => undefined,
    disconnect: async () => life.end(lost(life.host, 'no longer wanted')),
    on(type, told) {
      let listening = type === 'disconnected';
      void life.over.then((reason) => listening && told(reason));
      return () => {
        listening = false;
      };
    },
    send: <T>(method: string, params: readonly unknown[]) => requests.send(method, params) as Promise<T>,
    subscribe: (_type, method, params, heard) => requests.send(method, params, heard) as Promise<string | number>,
    unsubscribe: async (_type, method, id) => {
      requests.unsubscribe(id);
      return (await requests.send(method, [id])) === true;
    },
  };
  return self;
}
