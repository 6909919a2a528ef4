import { sentenceOf, VisorError } from '../errors.ts';
import { programs } from '../install/deployment-dir.ts';
import { homeAt } from '../layout.ts';
import { readRecord } from '../process/child-record.ts';
import { clearTheWay } from '../process/clear.ts';
import { LockLost } from '../process/locks/lock-check.ts';
import { releaseAll } from '../process/locks/take-all.ts';
import { putIn } from '../put-in.ts';
import type { Command } from './commander.ts';
import { Abandoned, beginLife, type Life, type Means } from './life.ts';
import { ownedBy } from './owners.ts';
import { proveProgram } from './program.ts';
import type { EndedChild, FromAgent, Order, RunningChild } from './protocol.ts';

/** The one child of an agent: what runs, how the last one ended, and who is told. */
export interface Keeper {
  present(): { readonly running: RunningChild | null; readonly ended: EndedChild | null };
  obey(command: Command): void;
  /** The daemon has gone: what it did not tell to start is not started; what runs goes on. */
  left(): void;
  /** Has what runs leave. Nothing is started any more. */
  stop(): Promise<void>;
}

type Stop = Extract<Command, { type: 'stop' }>;
type Check = Extract<Command, { type: 'check' }>;

/** How a client is ended that no daemon ever said how to stop. */
const usualStop = { signal: 'SIGINT', grace: 60_000 } as const;

/** One act after the other: a run begins when the one before has fully ended, as the slot of a daemon has it. */
export function createKeeper(means: Means, tell: (message: FromAgent) => void): Keeper {
  let life: Life | null = null;
  let ended: EndedChild | null = null;
  let turn: Promise<void> = Promise.resolve();
  const stopping = new AbortController();
  /** Whoever was told to come and has come since is another. */
  let reign = 0;

  const inTurn = (act: () => Promise<void>): void => {
    turn = turn.then(act).catch((error: unknown) => {
      means.log.error({ reason: sentenceOf(error) }, 'the agent broke; this is a bug, please report it');
    });
  };

  function obey(command: Command): void {
    switch (command.type) {
      case 'run':
        run(command);
        return;
      case 'go':
        if (life?.order.id === command.id) life.go();
        return;
      case 'check':
        void check(command);
        return;
      case 'heard':
        if (ended?.id === command.id) ended = null;
        return;
      case 'stop':
        life?.stop(command.stop);
        inTurn(() => idle(command));
    }
  }

  function run(order: Order): void {
    const mine = reign;
    inTurn(async () => {
      if (stopping.signal.aborted || mine !== reign) return;
      if (life !== null && (await life.suits(order))) {
        life.takeOver(order);
        means.log.info({ deployment: order.deployment.slice(0, 12) }, 'the client that runs is the one that is wanted');
        return tell({ type: 'started', adopted: true, running: life.present() });
      }
      await leave(order.stop);
      if (stopping.signal.aborted || mine !== reign) return;
      begin(order);
    });
  }

  /** What runs and is not wanted leaves first. */
  async function leave(rule: Order['stop']): Promise<void> {
    const before = life;
    if (before === null) return;
    before.stop(rule);
    await before.ended.catch(() => {});
  }

  function begin(order: Order): void {
    ended = null;
    const mine = beginLife(order, means, {
      ready: () => tell({ type: 'ready', id: order.id }),
      up(running) {
        means.log.info({ pid: running.pid, deployment: order.deployment.slice(0, 12) }, 'the client is started');
        tell({ type: 'started', adopted: false, running });
      },
      seen: (text) => tell({ type: 'seen', id: mine.order.id, text }),
      blocked(words) {
        if (words !== null) means.log.warn({ reason: words }, 'the client is not started');
        tell({ type: 'blocked', words });
      },
      orphans: (pids) => tell({ type: 'orphans', pids: [...pids] }),
    });
    life = mine;
    void mine.ended.then(
      (end) => over(mine, { ...end, id: mine.order.id }),
      (error: unknown) => failed(mine, error),
    );
  }

  function over(mine: Life, end: EndedChild): void {
    if (life === mine) life = null;
    ended = end;
    means.log.info({ reason: end.exit.cause, uptime: end.exit.uptime }, 'the client has ended');
    tell({ type: 'ended', ended: end });
  }

  function failed(mine: Life, error: unknown): void {
    const wasStopped = mine.present().phase === 'leaving';
    if (life === mine) life = null;
    if (error instanceof Abandoned || wasStopped) return;
    means.log.error({ reason: sentenceOf(error) }, 'the client could not be started');
    tell(refusal(mine.order.id, error));
  }

  async function check(order: Check): Promise<void> {
    try {
      await proveProgram(order, AbortSignal.timeout(60_000));
      await putIn(order, { secrets: new Set() });
      tell({ type: 'checked', id: order.id });
    } catch (error) {
      tell(refusal(order.id, error));
    }
  }

  /** Proves that nothing of the client is left, also of an agent that died where no namespace ended its child. */
  async function idle({ stop, network, client, home }: Stop): Promise<void> {
    await leave(stop);
    const folder = homeAt(home).instance(network, client);
    const record = readRecord(folder.childRecord);
    try {
      if (record !== null && record.locks.length > 0) {
        for (const { folder: locks, name } of ownedBy(record))
          await means.owners.own(locks, [name], stopping.signal, (words) => tell({ type: 'blocked', words }));
        releaseAll(
          await clearTheWay(
            {
              identity: record.identity,
              locks: record.locks,
              stop,
              record: folder.childRecord,
              save: means.save,
              programs: () => programs(folder),
              blocked: (words) => tell({ type: 'blocked', words }),
              orphans: (pids) => tell({ type: 'orphans', pids: [...pids] }),
              log: means.log,
            },
            stopping.signal,
          ),
        );
      }
      means.owners.releaseAll(); // whoever runs it next, here or elsewhere
      tell({ type: 'idle' });
    } catch (error) {
      if (stopping.signal.aborted) return;
      tell({ type: 'blocked', words: `whether the client has left could not be found out: ${sentenceOf(error)}` });
    }
  }

  return {
    present: () => ({ running: life?.present() ?? null, ended }),
    obey,
    left() {
      reign += 1;
      life?.abandon();
    },
    async stop() {
      stopping.abort();
      const rule = life?.order.stop ?? usualStop;
      life?.abandon();
      life?.stop(rule);
      await turn;
      await leave(rule);
      means.owners.releaseAll();
    },
  };
}

function refusal(id: string, error: unknown): FromAgent {
  const known = error instanceof VisorError ? error : null;
  const codes = ['config', 'io', 'permission', 'protocol'] as const;
  return {
    type: 'refused',
    id,
    code: codes.find((code) => code === known?.code) ?? 'bug',
    message: sentenceOf(error),
    next: known?.next ?? 'Report this, with the log of the agent.',
    final: error instanceof LockLost,
  };
}
