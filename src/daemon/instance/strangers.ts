import { setTimeout as pause } from 'node:timers/promises';
import { besideStranger } from '../../core/instance-status.ts';
import { readRecord } from '../../process/child-record.ts';
import { type Look, lookForStrangers, type Scope } from '../../process/strangers/look.ts';
import { scopeOf } from '../../process/strangers/scope.ts';
import type { Stranger } from '../../process/strangers/strangers.ts';
import type { Cell } from './cell.ts';
import { tellBlocked } from './guard.ts';
import type { Guard } from './identity.ts';
import { tracesOf } from './traces.ts';

/** Nobody tells when a stranger leaves: we look again. */
const AGAIN = 10_000;

const everything: Scope = { since: null, units: true };

class StrangersHere extends Error {}

/**
 * Runs what starts the client. While `refuseStrangers` refuses, nothing is started, every lock is free, and it is looked again until they have left.
 * @throws the signal's reason when aborted meanwhile
 */
export async function withoutStrangers<T>(
  guard: Guard,
  cell: Cell,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  try {
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof StrangersHere)) throw error;
        await untilLeft(guard, cell, signal);
      }
    }
  } finally {
    if (cell.look.get().strangers.length > 0) cell.look.set({ strangers: [], unseen: [] });
  }
}

async function untilLeft(guard: Guard, cell: Cell, signal: AbortSignal): Promise<void> {
  do {
    await pause(AGAIN, undefined, { signal });
  } while (isToWait(cell) && areHere(await look(guard, cell, everything), cell));
}

/**
 * The last question before a spawn, asked when every lock is ours: does a client of this account run that vaultvisor did not start?
 * @throws where one does, and the operator did not say that it is to be ignored
 */
export async function refuseStrangers(guard: Guard, cell: Cell): Promise<void> {
  const leftAt = cell.leftAt.get();
  const goneFor = leftAt === null ? null : performance.now() - leftAt;
  const scope = scopeOf(guard.identity, readRecord(cell.folder.childRecord), goneFor);
  if (areHere(await look(guard, cell, scope), cell)) throw new StrangersHere();
}

const look = ({ identity }: Guard, cell: Cell, scope: Scope): Promise<Look> =>
  lookForStrangers(tracesOf(cell.config()), scope, identity);

const isToWait = (cell: Cell): boolean => cell.config().strangers.policy === 'wait';

/** Tells what was found, once; `true`: nothing may be started. */
function areHere(found: Look, cell: Cell): boolean {
  const former = cell.look.get();
  const { strangers, unseen } = found;
  if (unseen.length > 0 && unseen.join() !== former.unseen.join())
    cell.log.warn({ unseen }, 'not everything could be looked at for clients that vaultvisor did not start');
  if (!isToWait(cell)) {
    cell.look.set({ strangers: [], unseen });
    if (strangers.length > 0) cell.notice({ event: 'stranger', action: 'ignored', who: strangers.map(wordsFor) });
    return false;
  }
  cell.look.set(found);
  const who = strangers.map(wordsFor);
  if (who.join() !== former.strangers.map(wordsFor).join())
    cell.notice({ event: 'stranger', action: who.length > 0 ? 'found' : 'left', ...(who.length > 0 ? { who } : {}) });
  if (who.length > 0) tellBlocked(`${besideStranger}: ${who.join('; ')}; it is looked at again every 10 s`, cell);
  else if (former.strangers.length > 0) cell.blocked.set(null);
  return who.length > 0;
}

const wordsFor = ({ words, end }: Stranger): string => `${words}: \`${end}\` ends it`;
