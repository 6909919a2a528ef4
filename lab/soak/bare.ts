import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compileClient, type Manner } from '../support/client/client.ts';
import { readJournal } from '../support/journal.ts';
import { endAllOf, processesOf } from '../support/left-over.ts';
import { modulesOf } from '../support/program.ts';
import { createRandom, type Random } from '../support/random.ts';
import { createMeetings } from './meetings.ts';
import { emptyTally } from './tally.ts';
import { ENOUGH, type Work, type Worked } from './worker.ts';

/** Supervises one client by the process room of the built program alone: it is up in a fifth of the time of a daemon. */
const script = fileURLToPath(new URL('../../test/support/process/built-supervisor.mjs', import.meta.url));

interface Bare {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  /** Resolves when its modules are loaded, or when it has ended. */
  readonly read: Promise<unknown>;
  /** Resolves when its client was started, or when it has ended. */
  readonly begun: Promise<unknown>;
}

const manners: readonly Manner[] = ['steady', 'steady', 'deaf', 'slow', 'dies', 'crash', 'fork-lock', 'fork-mark'];

/** The same soak for the room that holds the promise: locks, eviction and spawn, without all that decides when they are asked for. */
export async function soakBare(work: Work): Promise<Worked> {
  const { folder, program, seed, kills, settleEvery, signal, say } = work;
  await mkdir(folder, { recursive: true });
  const witness = join(folder, 'witness');
  await mkdir(witness);
  const client = compileClient(folder).build('1.0.0');
  const random = createRandom(seed);
  const tally = emptyTally();
  const violations: string[] = [];
  const broken = (words: string): void => {
    violations.push(`seed ${seed}, kill ${tally.bareKills} of the process room: ${words}`);
    say(`BROKEN ${violations.at(-1)}`);
  };
  const meetings = createMeetings(['client'], () => witness);
  const start = (): Bare => startBare(folder, [client.path, '--witness', witness], modulesOf(program));
  const behave = (manner: Manner) => writeFile(join(witness, 'manner'), manner);
  const isOver = (): boolean => signal.aborted || violations.length >= ENOUGH;
  let up: Bare[] = [];
  try {
    while (tally.bareKills < kills && !isOver()) {
      if (random.chance(0.3)) await behave(random.pick(manners));
      if (up.length === 0 || (up.length === 1 && random.chance(0.2))) up = [...up, start()];
      const victim = random.pick(up);
      await reach(victim, random);
      if (random.chance(0.1)) {
        victim.process.kill('SIGSTOP');
        await sleep(random.between(0, 150));
      }
      victim.process.kill('SIGKILL');
      up = up.filter((each) => each !== victim);
      if (up.length === 0) up = [start()];
      await victim.ended;
      tally.bareKills += 1;
      for (const words of meetings()) broken(words);
      if (tally.bareKills % settleEvery !== 0 && tally.bareKills < kills) continue;
      await behave('steady');
      for (const each of up) each.process.kill('SIGTERM');
      await Promise.all(up.map(({ ended }) => ended));
      up = [];
      for (const words of await rest(start(), witness, work.patience)) broken(words);
      for (const words of meetings()) broken(words);
      say(`seed ${seed}: ${tally.bareKills} kills of the process room, ${violations.length} violations`);
    }
    tally.starts += readJournal(witness).filter(({ what }) => what === 'start').length;
  } finally {
    endAllOf(folder);
  }
  return { tally, violations };
}

/** One alone must bring exactly one client up, and take it along when it is told to stop. */
async function rest(bare: Bare, witness: string, patience: number): Promise<readonly string[]> {
  const late = sleep(patience).then(() => 'late');
  if ((await Promise.race([bare.begun, late])) === 'late') return ['one alone started no client'];
  await sleep(100);
  const one = processesOf(witness).filter((pid) => pid !== bare.process.pid).length; // its own arguments name the witness too
  bare.process.kill('SIGTERM');
  await bare.ended;
  const none = processesOf(witness).length;
  return [
    ...(one === 1 ? [] : [`one alone ends with ${one} processes of its client`]),
    ...(none === 0 ? [] : [`${none} processes are left behind by one that was told to stop`]),
  ];
}

function startBare(folder: string, words: readonly string[], built: string): Bare {
  const child = spawn(process.execPath, [script, folder, ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, BUILT: built, GRACE: '300' },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = createInterface({ input: child.stdout });
  const says = (word: string) =>
    new Promise<void>((resolve) => lines.on('line', (line) => line.startsWith(word) && resolve()));
  return {
    process: child,
    ended,
    read: Promise.race([says('read'), ended]),
    begun: Promise.race([says('started'), ended]),
  };
}

/** Somewhere in its start, mostly when it has been read in and takes its locks; or right after its client was started. */
async function reach(victim: Bare, random: Random): Promise<void> {
  if (random.chance(0.5)) {
    if (random.chance(0.8)) await within(victim.read);
    return sleep(random.between(0, 120));
  }
  await within(victim.begun);
  await sleep(random.between(0, 40));
}

/** Who waits for another owner starts no client. Milliseconds. */
const PATIENCE = 2_000;

const within = (it: Promise<unknown>): Promise<unknown> => Promise.race([it, sleep(PATIENCE)]);
