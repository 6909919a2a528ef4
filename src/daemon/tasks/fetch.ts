import type { Account } from '../../account.ts';
import { jittered } from '../../core/backoff.ts';
import { type Deployment, toApply } from '../../core/deployment.ts';
import type { Answer, TaskEvent } from '../../core/events.ts';
import type { Migration } from '../../core/release.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import { askCompatibility } from '../../install/compatibility.ts';
import { DamagedBytes, layOut } from '../../install/deployment-dir.ts';
import { inspectProgram } from '../../install/format.ts';
import { checkFits, thisHost } from '../../install/host.ts';
import { filesAreWhole, type Laid, openLaid } from '../../install/laid.ts';
import { preflight } from '../../install/preflight.ts';
import { late } from '../../late.ts';
import { putIn } from '../../put-in.ts';
import { checkAtAgent } from '../agent/clear-agent.ts';
import { readyForData } from '../data/ready.ts';
import { accountFor } from '../instance/account.ts';
import { briefly, type Cell } from '../instance/cell.ts';
import { wordsAsked } from '../instance/policy.ts';
import { materialFor } from './material.ts';
import { obtain } from './obtain.ts';
import { tellProgress } from './progress.ts';

const archives = late(() => import('../../store/archive.ts'));

/** Fetches, proves, lays out and tries a deployment while the old one serves, with the migrations of data that it `needs`. Ends in `fetched` or `fetchFailed`. */
export async function fetchTask(
  of: Deployment,
  needs: readonly Migration[],
  cell: Cell,
  signal: AbortSignal,
): Promise<TaskEvent> {
  try {
    const { laid, answer } = await makeReady(of, needs, cell, signal);
    cell.ready.set(of.id, laid);
    return { type: 'fetched', of: of.id, ...(answer && { answer }) };
  } catch (error) {
    signal.throwIfAborted();
    cell.log.warn(
      { ...briefly(of), reason: sentenceOf(error), next: nextMove(error) },
      'the release could not be made ready; what serves goes on',
    );
    return { type: 'fetchFailed', of: of.id, reason: sentenceOf(error) };
  } finally {
    tellProgress(cell, null);
  }
}

/** The same ahead of its time: nothing waits for it, so it tries again by itself until it is there or no longer wanted. */
export async function prefetchTask(
  of: Deployment,
  needs: readonly Migration[],
  cell: Cell,
  signal: AbortSignal,
): Promise<TaskEvent> {
  for (let attempt = 0; ; attempt += 1) {
    const event = await fetchTask(of, needs, cell, signal);
    if (event.type === 'fetched') return { ...event, type: 'prefetched' };
    const { clock } = cell.services;
    await clock.sleepUntil(clock.now() + jittered(cell.config().download, attempt, Math.random()), signal);
  }
}

interface Made {
  readonly laid: Laid;
  readonly answer: Answer | null;
}

async function makeReady(of: Deployment, needs: readonly Migration[], cell: Cell, signal: AbortSignal): Promise<Made> {
  const blob = await obtain(of.release, cell, signal);
  for (const migration of toApply(of)) await obtain(migration, cell, signal);
  const laid = await lay(of, blob, cell, signal);
  await refuseUnfit(laid, cell, signal);
  const as = await accountFor(of, laid, cell);
  if (cell.config().agent === null) await putIn(laid.start, cell);
  const command = cell.config().preflight;
  if (command) await preflight({ program: laid.program, command, as }, signal);
  const answer = await ask(of, laid, as, cell, signal);
  if (needs.length > 0) await readyForData(needs, cell, signal);
  return { laid, answer };
}

/** Whether it could start where it will run: here, or in the container of its agent. */
async function refuseUnfit(laid: Laid, cell: Cell, signal: AbortSignal): Promise<void> {
  const { agent } = cell.config();
  const format = await inspectProgram(laid.program);
  if (agent !== null) return checkAtAgent(laid, agent.socket, cell, signal);
  const misfit = checkFits(format, thisHost());
  if (misfit) throw misfit;
}

/** Which spec versions it serves, where the operator says how it is asked; what its source says of that comes first, so it is not asked then. */
async function ask(
  { release }: Deployment,
  { program }: Laid,
  as: Account | null,
  cell: Cell,
  signal: AbortSignal,
): Promise<Answer | null> {
  const { compatibility: command } = cell.config();
  if (command === null || (release.terms?.specVersions ?? []).length > 0) return null;
  const specVersions = await askCompatibility({ program, command, as }, signal);
  return { checksum: release.checksum, asked: wordsAsked(command), specVersions };
}

async function lay(deployment: Deployment, blob: string, cell: Cell, signal: AbortSignal): Promise<Laid> {
  try {
    const { maxBytes } = cell.config().download;
    const extract = async (archive: string, member: string, target: string, stop: AbortSignal) => {
      const { extractMember } = await archives();
      return extractMember(archive, member, target, stop, { maxBytes });
    };
    const material = (stop: AbortSignal) => materialFor(deployment, cell, stop);
    const request = { folder: cell.folder, deployment, clientKey: cell.config().client, blob, extract, material };
    return await layOut(request, signal);
  } catch (error) {
    if (error instanceof DamagedBytes) await cell.services.blobs.discard(deployment.release.checksum);
    throw error;
  }
}

const nextMove = (error: unknown) => (error instanceof VisorError ? error.next : undefined);

/** What lies on disk of a deployment, proved; laid out again where only its folder is lost; `null`: its bytes are. */
export async function openReady(of: Deployment, cell: Cell, signal: AbortSignal): Promise<Laid | null> {
  const ready = cell.ready.get(of.id);
  const known = ready && (await filesAreWhole(cell.folder, ready)) ? ready : await readLaid(of, cell, signal);
  if (known) cell.ready.set(of.id, known);
  return known;
}

async function readLaid(of: Deployment, cell: Cell, signal: AbortSignal): Promise<Laid | null> {
  const laid = await openLaid(cell.folder, of, signal);
  if (laid) return laid;
  const { blobs } = cell.services;
  const needed = [of.release, ...toApply(of)].map(({ checksum }) => checksum);
  const isWhole = await Promise.all(needed.map((checksum) => blobs.verify(checksum, signal)));
  if (isWhole.every(Boolean)) return lay(of, blobs.path(of.release.checksum), cell, signal);
  for (const [index, checksum] of needed.entries()) if (!isWhole[index]) await blobs.discard(checksum);
  return null;
}
