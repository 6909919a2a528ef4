import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf } from '../../src/errors.ts';
import type { Built } from '../support/client/client.ts';
import type { Random } from '../support/random.ts';
import { serves } from '../support/scene.ts';
import type { Act, Host } from './host.ts';
import { asked, wrongEnd } from './right-end.ts';
import { now, type Stage } from './stage.ts';

/** Where in the life of a client the host acts. */
export type Moment =
  | 'while it serves'
  | 'on probation'
  | 'somewhere in an update'
  | 'somewhere in an update to a bad release';

export interface Played {
  /** Its words. */
  readonly host: string;
  readonly words: string;
  /** In one line each. */
  readonly violations: readonly string[];
  /** What host, vaultvisor and clients said, where it was broken; else empty. */
  readonly details: string;
  /** From the host's act to the right end, in milliseconds. For information. */
  readonly took: number;
}

/** Longer than an update takes on a machine with something else to do. */
const UPDATE = 1_200;

/** Lets the host act at this moment, and waits for the right end. `served`: what has the slot now. @returns what has it then */
export async function play(
  host: Host,
  act: Act,
  moment: Moment,
  served: Built,
  random: Random,
): Promise<Played & { readonly served: Built }> {
  const { stage } = host;
  const words = `${host.words}: ${act.words} ${moment}`;
  try {
    const seen = stage.journal().length;
    const named = await prepare(stage, moment, random);
    const wanted = named === null || named.manner !== 'steady' ? served : named;
    const since = now();
    const wrong = await act.act();
    await stage.serves(wanted, since);
    if (named !== null && named !== wanted)
      await stage.until(
        `${named.release} is quarantined`,
        (status) => status.quarantined.some(({ checksum }) => checksum === named.checksum) && serves(wanted)(status),
      );
    const took = (now() - since) / 1e6;
    const lines = stage.journal().slice(seen);
    const unasked = act.asks ? asked(lines) : [];
    const violations = [...wrong, ...unasked, ...(await wrongEnd(stage, lines, wanted))];
    const details =
      violations.length === 0 ? '' : `${lines.map((one) => JSON.stringify(one)).join('\n')}\n${await end(host)}`;
    return {
      host: host.words,
      words,
      took,
      served: wanted,
      violations: violations.map((one) => `${words}: ${one}`),
      details,
    };
  } catch (thrown) {
    const violations = [`${words}: ${sentenceOf(thrown)}`];
    return { host: host.words, words, took: 0, served, violations, details: await end(host) };
  }
}

/** The last words of host and vaultvisor, for who looks for the cause. */
export const end = async (host: Host): Promise<string> => (await host.log().catch(String)).slice(-6_000);

/** Brings the client to this moment. @returns the release that was named for it */
async function prepare(stage: Stage, moment: Moment, random: Random): Promise<Built | null> {
  if (moment === 'while it serves') return null;
  const built = stage.build(moment === 'somewhere in an update to a bad release' ? 'broken' : 'steady');
  await stage.name(built);
  if (moment !== 'on probation') await sleep(random.between(0, UPDATE));
  else
    await stage.until(
      `${built.release} is on probation`,
      ({ phase, child }) => phase === 'probation' && child?.checksum === built.checksum,
    );
  return built;
}
