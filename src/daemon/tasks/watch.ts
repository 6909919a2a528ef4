import { type Account, environmentOf } from '../../account.ts';
import { configFor } from '../../config/config-for.ts';
import type { TaskEvent } from '../../core/events.ts';
import type { Task } from '../../core/tasks.ts';
import { type Level, type Subject, watch } from '../../probe/watch.ts';
import { ownEnvironment } from '../../process/start/environment.ts';
import { putIn } from '../../put-in.ts';
import { accountFor } from '../instance/account.ts';
import { briefly, type Cell } from '../instance/cell.ts';

type Watch = Extract<Task, { do: 'watch' }>;

/** Watches the child until it is another than was told. Ends in `healthy` or `unhealthy`. */
export async function watchTask(task: Watch, cell: Cell, signal: AbortSignal): Promise<TaskEvent> {
  const { id } = task.of;
  const upSince = await firstUp(task, cell, signal);
  const { verdict, reason } = await judged(task, upSince, cell, signal);
  return verdict === 'healthy' ? { type: 'healthy', of: id } : { type: 'unhealthy', of: id, reason };
}

/**
 * From when the deadline counts: the first start in this probation. What keeps a child from being started at all is no fault of its
 * release; and where a probation begins again (a new runtime, a person's start), so does its deadline.
 */
async function firstUp({ of, since }: Watch, cell: Cell, signal: AbortSignal): Promise<number> {
  const known = cell.firstUp.get();
  if (known?.id === of.id && known.since === since) return known.at;
  while (cell.child.get()?.deployment.id !== of.id && !signal.aborted) await cell.child.changed(signal);
  signal.throwIfAborted();
  const begun = since === null ? 0 : performance.now() - (cell.services.clock.now() - since);
  const at = Math.max(cell.child.get()?.startedMonotonic ?? 0, begun);
  cell.firstUp.set({ id: of.id, since, at });
  return at;
}

/** Judges by what the file says now: another probe or another patience counts at once, not from the next start on. */
/** Its commands run as the client does: they are to see what it sees, and may do no more. */
async function commandsAs(of: Watch['of'], cell: Cell): Promise<Account | null> {
  const { probes } = configFor(cell.config(), of.release);
  if (!probes.some(({ kind }) => kind === 'command')) return null;
  return accountFor(of, null, cell);
}

/** As its start had it; a secret that is gone since stays unnamed. */
async function commandsEnv(of: Watch['of'], as: Account | null, cell: Cell): Promise<Commands['env']> {
  const start = cell.ready.get(of.id)?.start ?? of;
  const { env } = cell.config().agent === null ? await putIn(start, cell).catch(() => start) : start;
  return ownEnvironment({ ...process.env, ...(as && environmentOf(as)) }, env);
}

async function judged(task: Watch, upSince: number, cell: Cell, signal: AbortSignal): ReturnType<typeof watch> {
  for (;;) {
    const present = new AbortController();
    void cell.revised.changed(present.signal).then(() => present.abort());
    const leave = () => present.abort();
    signal.addEventListener('abort', leave, { once: true });
    try {
      const as = await commandsAs(task.of, cell);
      const env = await commandsEnv(task.of, as, cell);
      return await watch(optionsOf(task, upSince, { as, env }, cell), subjectOf(task, cell), present.signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!present.signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', leave);
      present.abort();
      cell.failing.set(null);
    }
  }
}

interface Commands {
  readonly as: Account | null;
  readonly env: Readonly<Record<string, string>>;
}

function optionsOf(task: Watch, upSince: number, { as, env }: Commands, cell: Cell) {
  const { health, liveness, probes } = configFor(cell.config(), task.of.release);
  return {
    told: level(task.told),
    onProbation: task.since !== null,
    minHealthyTime: health.minHealthyTime,
    deadline: Math.max(0, health.healthyDeadline - (task.since === null ? 0 : performance.now() - upSince)),
    failFor: liveness.failFor,
    // what was committed may take as long to come up again as it took when it was tried
    allowance: health.healthyDeadline,
    probes,
    cwd: task.of.cwd,
    env,
    as: as?.words ?? [],
    failing: (whys: readonly string[]) => tellFailing(whys, task, cell),
  };
}

function tellFailing(whys: readonly string[], { of }: Watch, cell: Cell): void {
  cell.failing.set(whys.length > 0 ? whys.join('; ') : null);
  if (whys.length > 0) cell.log.info({ ...briefly(of), probes: whys }, 'not every probe passes yet');
}

/** A child that is down or whose bytes are gone is not watched: the core wants no watch then. */
const level = (told: Watch['told']): Level => (told === 'healthy' || told === 'unhealthy' ? told : 'unknown');

/** The child that this very task is about: while the former one still leaves, nobody is there. */
function subjectOf({ of, turn }: Watch, { child }: Cell): Subject {
  return {
    child: () => {
      const now = child.get();
      if (now?.deployment.id !== of.id || now.turn !== turn) return null;
      // a line that nobody looked for when it was said cannot be found later: it is asked of the next start
      const seen = (text: string) => !now.texts.has(text) || now.seen(text);
      return { pid: now.pid, startedAt: now.startedMonotonic, seen };
    },
    changed: (signal) => child.changed(signal),
  };
}
