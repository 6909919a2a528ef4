import { request } from 'node:http';
import { join } from 'node:path';

/** An answer of the control socket: its body, and the exit status that a command would end with. */
export interface Answered {
  readonly body: unknown;
  /** 0: done. */
  readonly exit: number;
}

/** Asks the daemon of a home as the commands do; `null` where none answers. */
export function ask(home: string, path: `/v1/${string}`, body: object): Promise<Answered | null> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: join(home, 'control.sock'), path, method: 'POST' }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.once('error', () => resolve(null));
      response.on('end', () => {
        const answer: unknown = text === '' ? null : JSON.parse(text);
        resolve({ body: answer, exit: response.statusCode === 200 ? 0 : exitOf(answer) });
      });
    });
    asked.once('error', () => resolve(null));
    asked.end(JSON.stringify(body));
  });
}

const exitOf = (answer: unknown): number => Number((answer as { error?: { status?: number } })?.error?.status ?? 70);

/** Asks for a person's act (`{ act: 'hold', for: null }`). Whether the daemon says that it was done. */
export async function act(home: string, place: string, asked: object): Promise<boolean> {
  const [network, client] = place.split('/');
  return (await ask(home, '/v1/act', { network, client, act: asked }))?.exit === 0;
}
