import type { Millis } from '../../core/release.ts';
import type { Session } from '../session/session.ts';
import { timeKey, timeOf } from '../values/runtime.ts';
import { numberOfHead } from './heads.ts';
import { hashOf, readValues } from './read-values.ts';

/** The number of the newest block that a node has, final or not. Throws an Error. */
export async function newestOf(session: Session): Promise<number> {
  return numberOfHead(await session.send('chain_getHeader', []));
}

/** So many intervals are looked at. */
const INTERVALS = 6;

/** Of a chain that does not say. */
const USUAL: Millis = 6_000;

/**
 * How soon one block follows the other: the shortest of the newest intervals up to this finalised block, so that a stop of the chain does not
 * make its blocks look rare. Throws an Error.
 */
export async function paceOf(session: Session, number: number): Promise<Millis> {
  const numbers = Array.from({ length: INTERVALS + 1 }, (_, back) => number - back).filter((one) => one > 0);
  const times = await Promise.all(
    numbers.map(async (one) => timeOf(await readValues(session, [timeKey], await hashOf(session, one)))),
  );
  const intervals = times.flatMap((time, index) => {
    const before = times[index + 1];
    return time === null || before === null || before === undefined || time <= before ? [] : [time - before];
  });
  return intervals.length === 0 ? USUAL : Math.min(...intervals);
}
