import type { Millis } from '../../core/release.ts';
import { oneLine } from '../one-line.ts';
import type { Frame } from './frame.ts';
import { createSubscriptions, type Heard } from './subscriptions.ts';

/** Codes of JSON-RPC 2.0 that we act upon. */
export const METHOD_NOT_FOUND = -32_601;

/** A node that understood a request and said no. */
export class NodeRefused extends Error {
  readonly code: number;
  constructor(method: string, code: number, message: string) {
    super(`${method} was refused: ${oneLine(message)} (${code})`);
    this.name = 'NodeRefused';
    this.code = code;
  }
}

/** The requests of one session that wait for their answers, and its subscriptions. */
export interface Requests {
  send(method: string, params: readonly unknown[], heard?: Heard): Promise<unknown>;
  unsubscribe(subscription: string | number): void;
  hear(frame: Frame): void;
  /** Rejects what waits; whatever is asked from now on is rejected too. */
  fail(reason: Error): void;
}

interface Waiting {
  readonly method: string;
  readonly heard: Heard | undefined;
  readonly timer: NodeJS.Timeout;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export interface RequestsOptions {
  readonly write: (text: string) => void;
  readonly timeout: Millis;
  /** A request was not answered in time. */
  readonly expired: (method: string) => void;
}

export function createRequests({ write, timeout, expired }: RequestsOptions): Requests {
  const waiting = new Map<number, Waiting>();
  const subscriptions = createSubscriptions();
  let failed: Error | null = null;
  let lastId = 0;

  const send: Requests['send'] = (method, params, heard) =>
    new Promise((resolve, reject) => {
      if (failed !== null) return reject(failed);
      const id = ++lastId;
      const timer = setTimeout(() => expired(method), timeout);
      waiting.set(id, { method, heard, timer, resolve, reject });
      write(JSON.stringify({ id, jsonrpc: '2.0', method, params }));
    });

  const settle = (id: number): Waiting | undefined => {
    const request = waiting.get(id);
    waiting.delete(id);
    clearTimeout(request?.timer);
    return request;
  };

  // the subscription is known before the next frame is heard, which may be its first notification
  const answer = (id: number, result: unknown) => {
    const request = settle(id);
    request?.resolve(result);
    if (request?.heard === undefined || (typeof result !== 'string' && typeof result !== 'number')) return;
    subscriptions.add(result, request.heard);
  };

  const refuse = (id: number, code: number, message: string) => {
    const request = settle(id);
    request?.reject(new NodeRefused(request.method, code, message));
  };

  const hear: Requests['hear'] = (frame) => {
    switch (frame.kind) {
      case 'answer':
        answer(frame.id, frame.result);
        break;
      case 'refusal':
        refuse(frame.id, frame.code, frame.message);
        break;
      case 'notice':
        subscriptions.notify(frame.subscription, frame.result);
    }
  };

  const fail = (reason: Error): void => {
    failed ??= reason;
    subscriptions.clear();
    for (const id of [...waiting.keys()]) settle(id)?.reject(failed);
  };

  return { send, hear, fail, unsubscribe: subscriptions.remove };
}
