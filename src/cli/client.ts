import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { shortAddress } from '../daemon/control/server.ts';
import { type ErrorCode, exitStatuses, VisorError } from '../errors.ts';
import type { Home } from '../layout.ts';
import type { Context } from './context.ts';

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** Milliseconds; without, it waits as long as the daemon does. */
  readonly patience?: number;
}

/**
 * What the daemon of a home answers; `null`: none runs. What only asks is asked by the socket of its readers where the owner's is closed to us.
 * @throws VisorError what the daemon says, or why it cannot be asked
 */
export async function ask<T>({ controlSocket, readers }: Home, question: Question): Promise<T | null> {
  try {
    return await askAt<T>(controlSocket, question);
  } catch (error) {
    if (question.method !== 'GET' || (error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    return await askAt<T>(readers.socket, question);
  }
}

/**
 * What the daemon tells its readers for as long as it has something to tell, an object a line.
 * @throws VisorError what the daemon says, or that it left meanwhile
 */
export async function* listen<T>({ readers }: Home, path: string): AsyncGenerator<T> {
  const { address, close } = await shortAddress(readers.socket);
  try {
    const response = await respond(address, path);
    if (response.statusCode !== 200) {
      const texts = await response.setEncoding('utf8').toArray();
      answerOf(response.statusCode ?? 0, texts.join(''));
    }
    for await (const line of createInterface({ input: response })) {
      const item = parse(line);
      if (item === null || 'error' in item) answerOf(0, line);
      yield item as T;
    }
    if (!response.complete) throw unanswered(new Error('it was cut off'));
  } finally {
    await close();
  }
}

const respond = (socketPath: string, path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, agent: false }, resolve);
    asked.on('error', (error) => reject(unanswered(error)));
    asked.end();
  });

async function askAt<T>(socket: string, question: Question): Promise<T | null> {
  const { address, close } = await shortAddress(socket).catch(nobody);
  try {
    return address === null ? null : ((await exchange(address, question)) as T | null);
  } finally {
    await close();
  }
}

/** The same of a daemon that must be there. @throws VisorError `network` (69) where none runs */
export async function askDaemon<T>(home: Home, question: Question, context: Context): Promise<T> {
  const answer = await ask<T>(home, question);
  if (answer !== null) return answer;
  throw new VisorError(
    'network',
    `no vaultvisor runs for this home (${home.root})`,
    `Nothing was done. Start it with vaultvisor run --config ${context.file}`,
  );
}

function nobody(error: NodeJS.ErrnoException): { address: null; close(): Promise<void> } {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return { address: null, close: async () => {} };
}

function exchange(address: string, { method, path, body, patience }: Question): Promise<unknown> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  const signal = patience === undefined ? {} : { signal: AbortSignal.timeout(patience) };
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: address, method, path, headers, agent: false, ...signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => reject(unanswered(error)));
      response.on('end', () => {
        try {
          resolve(answerOf(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else reject(unanswered(error));
    });
    asked.end(text);
  });
}

function unanswered(error: NodeJS.ErrnoException): Error {
  if (error.code === 'EACCES' || error.code === 'EPERM') return error;
  const isLate = error.name === 'AbortError' || error.name === 'TimeoutError';
  return new VisorError(
    isLate ? 'busy' : 'network',
    isLate ? 'The daemon does not answer' : 'The daemon left while it was asked',
    isLate
      ? 'It may be stopped (SIGSTOP) or the machine overloaded: look at its log and its process.'
      : 'Look at its log, then ask again.',
    { cause: error },
  );
}

function answerOf(status: number, text: string): object {
  const answer = parse(text);
  if (status === 200 && answer !== null) return answer;
  const said = answer === null ? null : parseError(answer);
  throw (
    said ??
    new VisorError(
      'protocol',
      `The daemon answered nonsense (HTTP ${status})`,
      'It may be of another version: restart it.',
    )
  );
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function parseError(answer: { error?: { code?: unknown; message?: unknown; next?: unknown } }): VisorError | null {
  const { code, message, next } = answer.error ?? {};
  if (typeof message !== 'string' || typeof next !== 'string') return null;
  const isKnown = typeof code === 'string' && Object.hasOwn(exitStatuses, code);
  return new VisorError(isKnown ? (code as ErrorCode) : 'bug', message, next);
}
