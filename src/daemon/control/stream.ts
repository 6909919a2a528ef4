import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A reader that takes nothing for so long (ms) is given up: it must not keep files open and its place for ever. */
const PATIENCE = 30_000;

/**
 * Answers with an object a line, for as long as there are any. The next is asked for when the last is on its way: of what a reader does not take no more than
 * a socket's buffer is kept here.
 * @param patience how long a reader may take nothing (ms)
 */
export async function stream(
  response: ServerResponse,
  items: AsyncIterable<object>,
  patience = PATIENCE,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  for await (const item of items) {
    if (!response.write(`${JSON.stringify(item)}\n`) && !(await isTaken(response, patience))) response.destroy();
    if (response.destroyed) return;
  }
  response.end();
}

/** Whether the reader goes on. */
async function isTaken(response: ServerResponse, patience: number): Promise<boolean> {
  const over = new AbortController();
  const { signal } = over;
  const [taken, gone] = [once(response, 'drain', { signal }), once(response, 'close', { signal })];
  const late = pause(patience, undefined, { signal });
  for (const each of [taken, gone, late]) each.catch(() => {});
  const isIt = await Promise.race([taken.then(() => true), gone.then(() => false), late.then(() => false)]);
  over.abort();
  return isIt;
}
