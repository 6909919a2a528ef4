import { quietly, sought } from '../config/quiet-words.ts';
import { programs } from '../install/deployment-dir.ts';
import { homeAt } from '../layout.ts';
import type { Log } from '../log.ts';
import type { Child, Exit } from '../process/child.ts';
import type { Save } from '../process/child-record.ts';
import type { ClearRequest } from '../process/clear.ts';
import { LOG_CAP } from '../process/output.ts';
import { runChild } from '../process/run.ts';
import { putInWhenThere } from '../put-in.ts';
import { guardOf } from './guard.ts';
import type { Owners } from './owners.ts';
import { proveProgram } from './program.ts';
import type { EndedChild, Order, RunningChild, SaidExit } from './protocol.ts';
import { refuseStrangers, withoutStrangers } from './strangers.ts';

/** What an agent is made of. */
export interface Means {
  readonly lockFolder: string;
  readonly owners: Owners;
  readonly log: Log;
  readonly save: Save;
  /** Takes the client's own output. */
  passOn(bytes: Buffer): void;
}

/** What a life tells while it goes on. */
export interface Heard {
  ready(): void;
  up(running: RunningChild): void;
  seen(text: string): void;
  blocked(words: string | null): void;
  orphans(pids: readonly number[]): void;
}

/** One run of the client in this container, from its order to its end. */
export interface Life {
  readonly order: Order;
  /** What is told of it to a daemon that comes. */
  present(): RunningChild;
  /** Whether it may be taken for what this order wants: up, not asked to leave, with the locks that it would be given. */
  suits(order: Order): Promise<boolean>;
  /** From now on this order speaks for it: its id, and how it is to be stopped. */
  takeOver(order: Order): void;
  /** It may be started. */
  go(): void;
  /** Nobody is left who could say so: what was not told to start is not started. */
  abandon(): void;
  /** Asks it to leave, by this rule. Also while it leaves: a shorter grace counts. */
  stop(rule: Order['stop']): void;
  /** Ends with its exit, or with what kept it from being started. */
  readonly ended: Promise<EndedChild>;
}

/** Its daemon went away before it said that it may start. */
export class Abandoned extends Error {}

export function beginLife(first: Order, means: Means, heard: Heard): Life {
  let order = first;
  let rule = first.stop;
  let child: Child | null = null;
  let locks: readonly string[] = [];
  const stopping = new AbortController();
  let go = (): void => {};
  let abandon = (_: Abandoned): void => {};
  const told = new Promise<void>((resolve, reject) => {
    go = resolve;
    abandon = reject;
  });
  told.catch(() => {}); // where it is abandoned before anybody waits for it
  const folder = homeAt(first.home).instance(first.network, first.client);

  const untold = new Set(first.texts);
  const tellSeen = (): void => {
    for (const text of untold) {
      if (!child?.seen(text)) continue;
      untold.delete(text);
      heard.seen(text);
    }
  };

  async function live(): Promise<EndedChild> {
    const guard = await guardOf(first, means.lockFolder);
    locks = guard.locks;
    await means.owners.own(means.lockFolder, guard.names, stopping.signal, heard.blocked);
    const hidden = new Set<string>();
    const start = await putInWhenThere(first, { secrets: hidden }, heard.blocked, stopping.signal);
    const beforeSpawn = async (): Promise<void> => {
      await refuseStrangers(first, guard.identity, heard.blocked);
      await proveProgram(first, stopping.signal);
      heard.ready();
      await told;
    };
    const clear: ClearRequest = {
      identity: guard.identity,
      locks: guard.locks,
      get stop() {
        return rule;
      },
      record: folder.childRecord,
      save: means.save,
      programs: () => programs(folder),
      blocked: heard.blocked,
      orphans: heard.orphans,
      log: means.log,
    };
    const request = {
      ...clear,
      get stop() {
        return rule;
      },
      deployment: first.deployment,
      program: first.program,
      args: start.args,
      env: start.env,
      cwd: first.cwd,
      home: first.home,
      logFile: folder.log,
      logCap: LOG_CAP,
      texts: first.texts,
      passOn(bytes: Buffer) {
        means.passOn(bytes);
        tellSeen();
      },
      beforeSpawn,
      started(up: Child) {
        child = up;
        heard.blocked(null);
        heard.up(present());
      },
    };
    const exit = await withoutStrangers(stopping.signal, () => runChild(request, stopping.signal));
    return { id: order.id, deployment: first.deployment, exit: said(exit, [...hidden]) };
  }

  function present(): RunningChild {
    const { id, deployment } = order;
    const seen = child === null ? [] : first.texts.filter((text) => child?.seen(text));
    const phase = stopping.signal.aborted ? 'leaving' : child === null ? 'preparing' : 'up';
    const age = child === null ? 0 : Math.max(0, Math.round(performance.now() - child.since));
    return { id, deployment, phase, pid: child?.pid ?? null, age, texts: [...first.texts], seen };
  }

  return {
    get order() {
      return order;
    },
    present,
    async suits(next) {
      if (child === null || stopping.signal.aborted || next.deployment !== first.deployment) return false;
      const guard = await guardOf(next, means.lockFolder);
      return !stopping.signal.aborted && [...guard.locks].sort().join('\0') === [...locks].sort().join('\0');
    },
    takeOver(next) {
      order = next;
      rule = next.stop;
    },
    go: () => go(),
    abandon: () => abandon(new Abandoned()),
    stop(next) {
      rule = next;
      abandon(new Abandoned());
      stopping.abort();
    },
    ended: live(),
  };
}

/** The last words go to the daemon, into its history, and to people: without what only this container may know. */
function said({ code, signal, cause, uptime, asked, lastLines, seen }: Exit, hidden: readonly string[]): SaidExit {
  return {
    code,
    signal,
    cause,
    uptime: Math.max(0, uptime),
    asked,
    lastLines: [...quietly(lastLines, sought(hidden))],
    seen: [...seen],
  };
}
