import { setTimeout as sleep } from 'node:timers/promises';
import { phaseOf } from './phase.ts';
import type { Heard, Stage } from './stage.ts';
import type { Said, Supervisor } from './supervisor.ts';
import type { Tally } from './tally.ts';

/** The daemons that are up. There is always one over the first home, or about to be. */
export interface Cast {
  main(): Supervisor;
  /** Over the other home. */
  other(): Supervisor | null;
  startOther(): void;
  /** A further one over the first home: it refuses, or has its home if the former one dies just now. */
  startSuccessor(): void;
  kill(supervisor: Supervisor): void;
  /** Ends all but one over the first home. */
  calm(): Promise<void>;
  end(): Promise<void>;
}

/** As in sysexits.h: the home is another daemon's. */
const BUSY = 75;

export function createCast(stage: Stage, tally: Tally, broken: (words: string) => void): Cast {
  const up = new Set<Supervisor>();
  const killed = new Set<Supervisor>();
  const of = (name: string) => [...up].filter((each) => each.name === name && !each.hasEnded() && !killed.has(each));

  /** Only what a dead daemon left behind is an orphan: whose daemon lives, its client is nobody else's. */
  const heard: Heard = ({ event, place, pids }, by) => {
    if (event !== 'orphan') return;
    tally.orphans += 1;
    for (const owner of [...of('main'), ...of('other')].filter((each) => each !== by)) {
      const theirs = pids.find((pid) => owner.said.some((one) => hasStarted(one) && one.pids.includes(pid)));
      if (theirs !== undefined) broken(`${place}: ${by.name} ended client ${theirs} of ${owner.name}, which lives`);
    }
  };

  function add(supervisor: Supervisor): void {
    up.add(supervisor);
    void supervisor.ended.then((how) => {
      up.delete(supervisor);
      if (killed.has(supervisor)) tally.kills += 1;
      else if (how === BUSY) tally.refused += 1;
      else if (supervisor.isStopping && (how === 0 || how === 'SIGTERM'))
        tally.left += 1; // SIGTERM: before it listened
      else broken(`a daemon ended with ${how} by itself\n${supervisor.excerpt()}`);
      const bug = supervisor.said.find(({ message }) => message.includes('please report it'));
      if (bug !== undefined) broken(`a daemon says: ${bug.message}\n${supervisor.excerpt()}`);
    });
  }

  function fill(): void {
    if (of('main').length === 0) add(stage.startMain(heard));
  }

  async function ask(supervisors: readonly Supervisor[]): Promise<void> {
    for (const each of supervisors) {
      each.isStopping = true;
      each.kill('SIGCONT');
      each.kill('SIGTERM');
    }
    await Promise.all(supervisors.map(({ ended }) => ended));
  }

  return {
    main() {
      fill();
      return of('main')[0] as Supervisor;
    },
    other: () => of('other')[0] ?? null,
    startOther: () => add(stage.startOther(heard)),
    startSuccessor: () => add(stage.startMain(heard)),
    kill(supervisor) {
      if (supervisor.hasEnded()) return;
      tally.phases[phaseOf(supervisor, performance.now())] += 1;
      killed.add(supervisor);
      supervisor.kill('SIGKILL');
      fill();
    },
    async calm() {
      await ask(of('other'));
      for (const each of of('main')) each.kill('SIGCONT');
      // of several over one home all but one refuse, as soon as they have looked
      while (of('main').some(({ isStopping }) => isStopping) || of('main').length > 1)
        await Promise.race([...of('main').map(({ ended }) => ended), sleep(100)]);
      fill();
    },
    end: () => ask([...up]),
  };
}

const hasStarted = ({ event }: Said): boolean => event === 'started' || event === 'restarted' || event === 'adopted';
