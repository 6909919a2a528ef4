import { execFile } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Experiment, Options, Result } from '../experiment.ts';
import { noSystemd } from '../hosts/systemd/host.ts';
import { type Client, compileClient, noCompiler } from '../support/client/client.ts';
import { overlapsIn, readJournal } from '../support/journal.ts';
import { endAllOf } from '../support/left-over.ts';
import { createRandom, type Random } from '../support/random.ts';
import { defects } from './defects.ts';
import { copiedHome, homeAsTemplate, nothingShared, twoUsers } from './scenarios/owners.ts';
import { restartedForEver, startedByHand, stoppedThenByHand } from './scenarios/strangers.ts';
import { oldService } from './scenarios/systemd.ts';
import { oneKeyName } from './scenarios/wallets.ts';
import { type Stage, setStage } from './stage.ts';

interface Scenario {
  play(stage: Stage): Promise<void>;
  /** Only in the full form. */
  readonly isLong?: boolean;
  /** As two users. */
  readonly ofUsers?: boolean;
}

/** By what a violation of it is told. */
const scenarios: Readonly<Record<string, Scenario>> = {
  'started by hand': { play: startedByHand },
  'stopped, then by hand': { play: stoppedThenByHand },
  'old runner with Restart=always': { play: restartedForEver, isLong: true },
  'copied home': { play: copiedHome },
  'home as a template': { play: homeAsTemplate },
  'one key name on two networks': { play: oneKeyName },
  'two users': { play: twoUsers, ofUsers: true },
  'two users that share nothing': { play: nothingShared, ofUsers: true, isLong: true },
};

/** Times that each is played, with other moments, orders and ends. */
const ROUNDS = { full: 5, short: 1 };

/** Mostly they wait: so many go on at once for each worker. */
const AT_ONCE = 4;

/** The clients are the detectors, those that are started by hand too. */
export const takeover: Experiment = {
  name: 'takeover',
  promise:
    'Beside a client that a person, an old supervisor or another vaultvisor runs, nothing is started; the operator reads why and how to end it; and once it is gone the client starts by itself.',
  defects,
  obstacle: async () => noCompiler(),
  run,
};

async function run(options: Options): Promise<Result> {
  const { size, seed, rounds, workers, program, folder, signal, say } = options;
  const random = createRandom(seed);
  await chmod(folder, 0o755);
  const users = await usersFor(program);
  const client = compileClient(folder);
  const played = Object.entries(scenarios).filter(
    ([, { isLong, ofUsers }]) => (size === 'full' || !isLong) && (users !== null || !ofUsers),
  );
  const turns = Array.from({ length: rounds ?? ROUNDS[size] }, (_, round) =>
    played.map(([name, { play }]) => ({ name, play, round, random: random.fork() })),
  ).flat();
  const tally: Tally = { violations: [], wanted: turns.length, done: 0, starts: 0 };
  const told = (name: string, wrong: readonly string[]): void => {
    tally.violations.push(...wrong.map((words) => `seed ${seed}, ${name}: ${words}`));
    tally.done += 1;
    say(`${tally.done}/${tally.wanted} ${name}: ${wrong.length === 0 ? 'held' : `BROKEN ${wrong.length} times`}`);
  };
  await inTurn(turns, AT_ONCE * workers, async ({ name, play, round, random: own }) => {
    if (signal.aborted) return;
    const place = join(folder, `${name.replaceAll(/\W+/g, '-')}-${round}`);
    const [wrong, started] = await playOne({ folder: place, random: own, users, program, client }, play);
    tally.starts += started;
    told(`${name}, round ${round}`, wrong);
  });
  const obstacle = size === 'full' ? await noSystemd() : 'only in the full form';
  if (obstacle === null && !signal.aborted) {
    tally.wanted += 1;
    const wrong = await oldService(join(folder, 'systemd'), program, say).catch(({ message }: Error) => [message]);
    told('an old service under a real systemd', wrong);
  }
  return {
    ...report(tally),
    left: [
      ...(users === null ? ['homes of two users: this needs root, and a program that every user may read'] : []),
      ...(obstacle === null ? [] : [`an old service under a real systemd: ${obstacle}`]),
    ],
  };
}

interface Tally {
  readonly violations: string[];
  wanted: number;
  done: number;
  starts: number;
}

function report({ violations, wanted, done, starts }: Tally): Result {
  const overlaps = violations.filter((words) => /: (overlap|refused) /.test(words)).length;
  const others = violations.length - overlaps;
  return {
    violations,
    figures: [
      {
        what: 'takeovers that were played to their end',
        value: done,
        goal: { words: `${wanted}`, met: done === wanted },
      },
      { what: 'clients that met another', value: overlaps, goal: { words: '0', met: overlaps === 0 } },
      {
        what: 'refused without the words, or not started afterwards',
        value: others,
        goal: { words: '0', met: others === 0 },
      },
      { what: 'starts of a client, by hand too', value: starts },
    ],
  };
}

interface One {
  readonly folder: string;
  readonly random: Random;
  readonly users: Stage['users'];
  readonly program: string;
  readonly client: Client;
}

/** Plays one scenario. @returns what was found wrong, and how many clients were started */
async function playOne(
  how: One,
  play: Scenario['play'],
): Promise<readonly [violations: readonly string[], starts: number]> {
  await mkdir(how.folder, { recursive: true });
  const stage = await setStage(how);
  try {
    await play(stage);
  } catch (error) {
    stage.violations.push(`it could not be played to its end: ${error instanceof Error ? error.message : error}`);
  } finally {
    endAllOf(`${how.folder}/`);
  }
  const journal = readJournal(stage.witness);
  const starts = journal.filter(({ what }) => what === 'start').length;
  return [[...overlapsIn(journal), ...stage.violations], starts];
}

/** Two users that exist by number alone, if this machine lets us be them. */
async function usersFor(program: string): Promise<Stage['users']> {
  const users = [64_201, 64_202] as const;
  try {
    await promisify(execFile)(process.execPath, [program, 'version'], { uid: users[0], gid: users[0] });
    return users;
  } catch {
    return null;
  }
}

async function inTurn<T>(all: readonly T[], atOnce: number, act: (one: T) => Promise<void>): Promise<void> {
  const rest = [...all];
  const work = async (): Promise<void> => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) await act(one);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
