import { change } from '../support/program.ts';

/**
 * Has this copy of the program not decode who named a release, which is for the history alone and may fail: it takes a second of a
 * processor each time, and these runs name thousands.
 */
export function withoutDecoding(program: string): void {
  change(program, /const worker = startWorker\(start, request\);/, "throw new Error('the lab decodes no events');");
}
