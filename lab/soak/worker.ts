import { setTimeout as sleep } from 'node:timers/promises';
import { readJournal } from '../support/journal.ts';
import { createRandom, type Random } from '../support/random.ts';
import { type Act, drawAct, perform } from './acts.ts';
import { type Cast, createCast } from './cast.ts';
import { leftoversIn } from './left-over-files.ts';
import { createMeetings } from './meetings.ts';
import { drawMoment, leadOf, reach } from './moment.ts';
import { settle } from './settle.ts';
import { type Stage, setStage } from './stage.ts';
import type { Supervisor } from './supervisor.ts';
import { emptyTally, type Tally } from './tally.ts';

export interface Work {
  readonly folder: string;
  readonly program: string;
  readonly seed: number;
  readonly kills: number;
  /** Kills between two times of rest, in which everything must come to its right end. */
  readonly settleEvery: number;
  /** How long that may take, in milliseconds. */
  readonly patience: number;
  readonly signal: AbortSignal;
  say(line: string): void;
}

export interface Worked {
  readonly tally: Tally;
  readonly violations: readonly string[];
}

const places = ['net/one', 'net/two', 'net/three'];

/** A promise that is broken so often need not be put to further proof. */
export const ENOUGH = 12;

/** What writers that were killed just now have left, and nobody has swept yet. */
const FEW_LEFTOVERS = 20;

/** Kills supervisors of one stage, one after the other, and looks what has become of their clients. */
export async function soak(work: Work): Promise<Worked> {
  const stage = await setStage(work.folder, work.program, places);
  const random = createRandom(work.seed);
  const tally = emptyTally();
  const violations: string[] = [];
  const broken = (words: string): void => {
    violations.push(`seed ${work.seed}, kill ${tally.kills}: ${words}`);
    work.say(`BROKEN ${violations.at(-1)}`);
  };
  const cast = createCast(stage, tally, broken);
  const meetings = createMeetings(places, stage.scene.witness);
  const isOver = (): boolean => work.signal.aborted || violations.length >= ENOUGH;
  const rest = async (): Promise<void> => {
    for (const words of await settle(stage, cast, work.patience)) broken(words);
    for (const words of meetings()) broken(words);
    tally.settled += places.length;
    work.say(`seed ${work.seed}: ${tally.kills} kills, ${violations.length} violations`);
  };
  try {
    await rest();
    while (tally.kills < work.kills && !isOver()) {
      const end = Math.min(tally.kills + work.settleEvery, work.kills);
      while (tally.kills < end && !isOver()) {
        await killOnce(stage, cast, tally, random);
        for (const words of meetings()) broken(words);
      }
      if (!isOver()) await rest();
    }
    count(stage, tally, broken);
  } finally {
    await cast.end();
    await stage.scene.close();
  }
  return { tally, violations };
}

async function killOnce(stage: Stage, cast: Cast, tally: Tally, random: Random): Promise<void> {
  if (cast.other() === null && random.chance(0.25)) cast.startOther();
  const other = random.chance(0.3) ? cast.other() : null;
  const victim = other ?? cast.main();
  const act = drawAct(random);
  const isBefore = random.chance(0.5);
  if (isBefore) await happen(act, stage, victim, tally, random);
  await reach(drawMoment(random), victim);
  if (!isBefore) {
    await happen(act, stage, victim, tally, random);
    if (act !== null) await sleep(random.between(0, 500));
  }
  // a successor that is just about to take the home when the present one dies
  if (other === null && random.chance(0.15)) {
    cast.startSuccessor();
    await sleep(leadOf(random));
  }
  cast.kill(victim);
  await victim.ended;
}

async function happen(act: Act | null, stage: Stage, victim: Supervisor, tally: Tally, random: Random): Promise<void> {
  if (act === null || victim.hasEnded()) return;
  await perform(act, stage, victim, random);
  if (act === 'pause') tally.pauses += 1;
  else if (act === 'release') tally.releases += 1;
  else if (act === 'client killed') tally.clientsKilled += 1;
  else tally.edits += 1;
}

function count(stage: Stage, tally: Tally, broken: (words: string) => void): void {
  for (const place of places) {
    const lines = readJournal(stage.scene.witness(place));
    tally.starts += lines.filter(({ what }) => what === 'start').length;
    tally.guarded += lines.filter(({ what }) => what === 'refused').length;
  }
  const left = [...leftoversIn(stage.scene.locks), ...leftoversIn(stage.scene.home)];
  tally.leftovers += left.length;
  if (left.length > FEW_LEFTOVERS)
    broken(`${left.length} half-written files were left behind, such as ${left.slice(0, 3).join(', ')}`);
}
