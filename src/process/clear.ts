import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Millis } from '../core/release.ts';
import { within } from '../within.ts';
import { openRecord, type RecordKeeper, type Save } from './child-record.ts';
import { createEviction, type EvictionRequest } from './ending/eviction.ts';
import { REFUSED_AGAIN, refusals } from './ending/refusal.ts';
import { type Lock, waitForLock } from './lock.ts';
import { keptSince } from './locks/kept.ts';
import { releaseAll, takeAll } from './locks/take-all.ts';
import { findFamily } from './who/family.ts';
import { wordsFor } from './who/process-details.ts';
import { type Scene, type SceneRequest, surveyScene } from './who/scene.ts';
import { sendTo } from './who/signal.ts';

export interface ClearRequest extends SceneRequest, EvictionRequest {
  /** Path of the record of the last spawn (child.json). */
  readonly record: string;
  readonly save: Save;
  /** Told, at least once a minute, why the way is not clear; and `null` when it is. */
  blocked(words: string | null): void;
  /** Told once of what is ended here, or refused: what a supervisor left behind that died, or a child that did not take all of its own along. */
  orphans?(pids: readonly number[], action: 'ended' | 'refused'): void;
  /** What a dead supervisor left is never signalled: it is told of, and waited for. */
  readonly refuses?: boolean | undefined;
}

/** We look again at least this often, and say what we wait for. */
const LOOK_AGAIN = 60_000;

/** While something is about to leave that no lock tells us of. */
const SOON = 100;

/**
 * Makes sure that no client of this identity runs, and takes every lock that the next one will inherit: having them proves it.
 * An orphan of ours is ended; whoever else holds a lock is never signalled, but named and waited for. Only who has the identity's
 * `owner` may call this. The locks of the last spawn are proved free too, whatever the configuration says now.
 * Stopping and recovering are this one act: see run.ts.
 * @returns the locks in the order of the request
 * @throws the signal's reason when aborted, with every lock released
 */
export async function clearTheWay(request: ClearRequest, signal: AbortSignal): Promise<readonly Lock[]> {
  const record = openRecord(request.record, request.save, request.log);
  return inOrder(request.locks, await clearPaths(request, locksToProve(request, record), record, signal));
}

/** The locks that the next child will inherit, and those that the last one was given. Where their folder is gone nobody else can be found by them. */
export function locksToProve({ locks }: ClearRequest, record: RecordKeeper): readonly string[] {
  const last = (record.now()?.locks ?? []).filter((path) => existsSync(dirname(path)));
  return [...new Set([...locks, ...last])];
}

/** The act itself, for these locks, with a record that is open already. */
export async function clearPaths(
  request: ClearRequest,
  paths: readonly string[],
  record: RecordKeeper,
  signal: AbortSignal,
): Promise<readonly Lock[]> {
  const eviction = createEviction(request, record);
  const since = performance.now();
  let isTold = false;
  for (let round = 0; ; round++) {
    signal.throwIfAborted();
    const look = await lookAround(request, paths, record);
    if (look.clear) {
      if (round > 0) request.blocked(null);
      return look.locks;
    }
    const { scene, refused } = look;
    const { ours } = scene;
    const isRefused = (request.refuses ?? false) && ours.length > 0;
    if (!isTold && ours.length > 0)
      request.orphans?.(
        ours.map(({ pid }) => pid),
        isRefused ? 'refused' : 'ended',
      );
    isTold ||= ours.length > 0;
    const rest = ours.length > 0 && !isRefused ? await eviction.step(ours) : null;
    const words = isRefused
      ? [...(await refusals(ours, record.now(), request.stop)), ...(await wordsOf(scene, round, 0))]
      : await wordsOf(scene, round, performance.now() - since);
    if (words.length > 0) request.blocked(words.join('; '));
    const patience = isRefused ? REFUSED_AGAIN : patienceFor(scene, rest, round, refused);
    await untilChanged(request.identity, refused[0], patience, signal);
  }
}

type Look =
  | { readonly clear: true; readonly locks: readonly Lock[] }
  | { readonly clear: false; readonly refused: readonly string[]; readonly scene: Scene };

async function lookAround(request: ClearRequest, paths: readonly string[], record: RecordKeeper): Promise<Look> {
  const { identity } = request;
  const last = record.now();
  const since = keptSince(request.locks[0]!);
  const [taken, family] = await Promise.all([takeAll(paths, identity), findFamily(identity, last, since)]);
  for (const helper of family.helpers) sendTo(helper, 'SIGKILL');
  if (taken.all && family.members.length === 0) return { clear: true, locks: taken.locks };
  if (taken.all) releaseAll(taken.locks);
  const refused = taken.all ? [] : taken.refused;
  return { clear: false, refused, scene: await surveyScene(request, last, refused, family) };
}

/** The locks of the next child; those of the last one were only to be proved free. */
export function inOrder(paths: readonly string[], taken: readonly Lock[]): readonly Lock[] {
  releaseAll(taken.filter(({ path }) => !paths.includes(path)));
  return paths.flatMap((path) => taken.find((lock) => lock.path === path) ?? []);
}

/** A lock tells when its last holder leaves. That the first of several has left, or one without a lock, nobody tells; whom nobody sees has mostly just left. */
function patienceFor({ ours, unseen }: Scene, rest: Millis | null, round: number, refused: readonly string[]): Millis {
  if ((unseen.length > 0 && round === 0) || refused.length === 0) return SOON;
  const often = ours.length > 1 || rest === 0;
  return Math.max(1, Math.min(often ? SOON * Math.min(round + 1, 50) : LOOK_AGAIN, rest || LOOK_AGAIN));
}

async function untilChanged(
  identity: string,
  lock: string | undefined,
  patience: Millis,
  signal: AbortSignal,
): Promise<void> {
  if (lock === undefined) return pause(patience, undefined, { signal });
  await within(patience, signal, async (limit) => {
    (await waitForLock(lock, limit, identity)).release();
    return true;
  });
}

/** Whom nobody sees is told of from the second look on. */
async function wordsOf({ ours, foreign, unseen }: Scene, round: number, waited: Millis): Promise<readonly string[]> {
  const words = foreign.map((holder) => `${holder}; vaultvisor did not start it for this client and will not end it`);
  if (round > 0)
    words.push(
      ...unseen.map(
        (path) =>
          `${path} is held by a process that cannot be seen from here (of another user, or in another container)`,
      ),
    );
  if (waited >= LOOK_AGAIN)
    for (const one of ours) words.push(`${await wordsFor(one)} was asked to leave and is still there`);
  return words;
}
