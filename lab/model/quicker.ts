import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Has this copy of the program not decode who named a release, which is for the history alone and may fail: it takes a second of a
 * processor each time, and these runs name thousands.
 */
export function withoutDecoding(program: string): void {
  const path = resolve(program, '../../chain/events/block-events.js');
  const parts = readFileSync(path, 'utf8').split('const worker = startWorker(request);');
  if (parts.length !== 2) throw new Error('chain/events/block-events.js starts its worker in another way');
  writeFileSync(path, parts.join("throw new Error('the lab decodes no events');"));
}
