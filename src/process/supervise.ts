import { sentenceOf } from '../errors.ts';
import type { Child, Exit } from './child.ts';
import type { RecordKeeper } from './child-record.ts';
import { type ClearRequest, clearPaths } from './clear.ts';
import { causeOf, type Ended } from './ending/exit-cause.ts';
import { oomKills } from './ending/out-of-memory.ts';
import { passedOn } from './ending/passed-on.ts';
import { type Lock, takeLock } from './lock.ts';
import { keepFor } from './locks/kept.ts';
import { lockLost, withoutLock } from './locks/lock-check.ts';
import { releaseAll } from './locks/take-all.ts';
import { keepVigil, type Vigil } from './locks/vigil.ts';
import { bootId } from './machine.ts';
import type { Output } from './output.ts';
import type { RunRequest } from './run.ts';
import type { Running } from './start/spawn.ts';
import { stopChild } from './stop.ts';
import { find, type Process, processes } from './who/processes.ts';
import { sendTo, sendToGroupOf } from './who/signal.ts';

export interface Supervised {
  readonly request: RunRequest;
  readonly record: RecordKeeper;
  readonly running: Running;
  readonly output: Output;
  /** The client's own; our copy of it is closed. */
  readonly lock: Pick<Lock, 'path' | 'file'>;
  /** It was started by another, who is gone. */
  readonly adopted?: true;
}

/** Its files are closed before its exit is told: who has the lock after that is another. */
const SOON = 100;

/** From the spawn of the child until it is gone and its lock is free. An error of ours on the way ends the child too: it is never left alone. */
export async function supervise(life: Supervised, signal: AbortSignal): Promise<Exit> {
  const { request, record, running, output, lock } = life;
  const oomBefore = oomKills();
  let vigil: Vigil | null = null;
  try {
    if (!life.adopted) void recordChild(life);
    request.started(childOf(running, output));
    const asked = (await endOfService(life, signal)) === 'asked';
    vigil = asked ? keepVigil(lock.path, request.identity) : null;
    const killedAfter = asked ? await stopChild(request, record, running) : null;
    const ended = endOf(await running.exited, request);
    const cause = causeOf(ended, { killedAfter, oomKills: difference(oomBefore, oomKills()) });
    const left = await clearOut(life, vigil);
    await output.close();
    if (request.handOn === undefined) await record.settled(); // where the next run waits for this one, no disk may keep it waiting
    const { code, signal: by, at } = ended;
    return {
      code,
      signal: by,
      cause: asked ? cause : withLeft(cause, left),
      uptime: Math.round(at - running.since),
      adopted: life.adopted ?? false,
      asked,
      lastLines: output.lastLines(),
      seen: output.allSeen,
    };
  } catch (thrown) {
    request.log.error({ pid: running.pid, reason: sentenceOf(thrown) }, 'the client is ended: it cannot be supervised');
    await stopChild(request, record, running);
    await clearOut(life, vigil);
    throw thrown;
  }
}

/** @throws VisorError if the child let go of its lock */
async function endOfService({ request, running, lock }: Supervised, signal: AbortSignal): Promise<'asked' | 'exited'> {
  let stop = (): void => {};
  try {
    return await new Promise((resolve, reject) => {
      stop = () => resolve('asked');
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      void running.exited.then(() => resolve('exited'));
      void withoutLock(running, lock, request.tini !== undefined).then(async (one) => {
        if (one === null) return;
        const error = await lockLost(request.program, one);
        endWithout(running, one);
        reject(error);
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Without a grace: nothing keeps a second one from being started beside it. */
function endWithout(running: Running, one: Process): void {
  const [main, all] = [find(running), processes()];
  const family = new Set([running.pid, one.pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  if (main !== null) sendToGroupOf(main, 'SIGKILL');
  for (const each of all) if (family.has(each.pid)) sendTo(each, 'SIGKILL');
}

/** What the child left behind and that has its lock: asked, given the rest of the grace, killed. Mostly there is nothing. */
async function clearOut(
  { request, record, running, lock }: Supervised,
  vigil: Vigil | null,
): Promise<readonly number[]> {
  const free = (await vigil?.end(SOON)) ?? (await takeLock(lock.path, { identity: request.identity }));
  if (free !== null) {
    if (request.handOn === undefined) free.release();
    else keepFor(free, request.handOn, running.start);
    return [];
  }
  let ended: readonly number[] = [];
  const orphans: ClearRequest['orphans'] = (pids, action) => {
    ended = pids;
    request.orphans?.(pids, action);
  };
  releaseAll(await clearPaths({ ...request, orphans }, [lock.path], record, new AbortController().signal));
  return ended;
}

/** Whose main process goes while others of it go on, as a daemon's does, cannot be looked after. */
const withLeft = (cause: string, pids: readonly number[]): string =>
  pids.length === 0
    ? cause
    : `${cause} and left ${pids.map((pid) => `pid ${pid}`).join(', ')} behind, which was ended: a client must stay in the foreground (no setsid, no daemon mode)`;

/** Of a client below tini: its own end. */
const endOf = (ended: Ended & { readonly at: number }, { tini }: RunRequest): Ended & { readonly at: number } =>
  tini === undefined ? ended : { ...passedOn(ended), at: ended.at };

function recordChild({ request, record, running, output }: Supervised): Promise<void> {
  const { pid, start } = running;
  const { identity, locks, deployment } = request;
  const { signal, grace } = request.stop;
  const what = { ...(deployment !== undefined && { deployment }), logFrom: output.from };
  const child = { pid, start, boot: bootId(), asked: null, ...what };
  return record.keep({ schema: 1, identity, locks, stop: { signal, grace }, child });
}

function childOf({ pid, startedAt, since }: Running, { from, texts, seen, lastLines }: Output): Child {
  return { pid, startedAt, since, logFrom: from, texts, seen, lastLines };
}

const difference = (before: number | null, after: number | null): number | null =>
  before === null || after === null ? null : after - before;
