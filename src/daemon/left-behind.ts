import { existsSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { quietly } from '../config/quiet-words.ts';
import { sentenceOf } from '../errors.ts';
import { programs } from '../install/deployment-dir.ts';
import type { InstanceFolder } from '../layout.ts';
import type { Log } from '../log.ts';
import { type ChildRecord, readRecord } from '../process/child-record.ts';
import { clearTheWay } from '../process/clear.ts';
import type { Lock } from '../process/lock.ts';
import { ownerPath } from '../process/lock-names.ts';
import { releaseAll } from '../process/locks/take-all.ts';
import { claimOwner } from '../process/owner.ts';
import { writeAtomic } from '../store/atomic-write.ts';
import { formerSocket } from './agent/former.ts';
import { createAgentPort } from './agent/port.ts';
import { foldersOf } from './folders.ts';
import { createTeller } from './instance/teller.ts';
import type { Observe } from './instances.ts';
import type { Services } from './services.ts';

/** Another daemon manages it, or this one does under another name: when that ends nobody tells us. */
const AGAIN = 10_000;

/** Where nothing says how it is to be ended: the defaults of the args file. */
const usualStop = { signal: 'SIGINT', grace: 60_000 } as const;

/**
 * Asks every folder of a client that nothing names for a child that still runs, and ends it as its own last settings say: it was taken out of the file
 * while no daemon ran, or the daemon died before it was ended.
 * @param isNamed whether an instance of this daemon looks after the place
 */
export async function endLeftBehind(
  isNamed: (place: string) => boolean,
  services: Services,
  observe: Observe,
  signal: AbortSignal,
): Promise<void> {
  const places = (await foldersOf(services.home)).filter(({ network, client }) => !isNamed(`${network}/${client}`));
  await Promise.all(
    places.map(async (place) => {
      const log = services.log.child(place);
      try {
        await endChildOf(place, log, services, observe, signal);
      } catch (error) {
        if (!signal.aborted)
          log.error({ reason: sentenceOf(error) }, 'whether a child was left behind could not be found out');
      }
    }),
  );
}

async function endChildOf(
  place: { readonly network: string; readonly client: string },
  log: Log,
  services: Services,
  observe: Observe,
  signal: AbortSignal,
): Promise<void> {
  const folder = services.home.instance(place.network, place.client);
  await endAtAgent(folder, place, log, services, signal);
  const record = readRecord(folder.childRecord);
  if (record === null || record.locks.length === 0) return;
  const owned = await ownAll(record, services.home.root, signal);
  const { drift } = services.clock;
  const tell = createTeller({
    ...place,
    history: folder.history,
    log,
    drift,
    quiet: (notice) => quietly(notice, []),
    observe: (...told) => observe(place, ...told),
  });
  try {
    releaseAll(
      await clearTheWay(
        {
          identity: record.identity,
          locks: record.locks.filter((path) => existsSync(dirname(path))),
          stop: record.stop ?? usualStop,
          record: folder.childRecord,
          save: (path, text) => writeAtomic(path, text, { mode: 0o600, durable: false }),
          programs: () => programs(folder),
          blocked: (words) => {
            if (words !== null) log.warn({ reason: words }, 'nothing names this client any more, and its lock is held');
          },
          orphans: (pids, action) => tell.notice({ event: 'orphan', action, pids }),
          log,
        },
        signal,
      ),
    );
  } finally {
    releaseAll(owned);
    await tell.written();
  }
}

/** What an agent of it runs leaves at once: its lock would be held as long as that agent lives. */
async function endAtAgent(
  { agentRecord }: InstanceFolder,
  place: { readonly network: string; readonly client: string },
  log: Log,
  { home, version }: Services,
  signal: AbortSignal,
): Promise<void> {
  const socket = formerSocket(agentRecord);
  if (socket === null) return;
  const port = createAgentPort(version, home.root);
  try {
    for (;;) {
      const found = await port.once(socket, signal);
      if ('send' in found) {
        const { idles } = found.state();
        found.send({ type: 'stop', stop: usualStop, ...place, home: home.root });
        while (found.isOpen() && found.state().idles === idles && !signal.aborted) await found.changed(signal);
      } else if (found.why !== 'nobody') {
        log.warn({ reason: found.words }, 'nothing names this client any more, and its agent may still run it');
        await pause(AGAIN, undefined, { signal });
        continue;
      }
      signal.throwIfAborted();
      rmSync(agentRecord, { force: true });
      return;
    }
  } finally {
    port.close();
  }
}

/** Owns its identity under every name that another daemon may manage it by, or waits. */
async function ownAll(record: ChildRecord, home: string, signal: AbortSignal): Promise<readonly Lock[]> {
  const [first = ''] = record.locks;
  const names = record.locks.map((path) => basename(path, '.lock'));
  const folder = dirname(first);
  const known = names.filter((name) => name === record.identity || existsSync(ownerPath(folder, name)));
  for (;;) {
    signal.throwIfAborted();
    const claims = await Promise.all(known.map((name) => claimOwner(folder, name, home)));
    const owned = claims.flatMap((claim) => (claim.owned ? [claim.lock] : []));
    if (owned.length === known.length) return owned;
    releaseAll(owned);
    await pause(AGAIN, undefined, { signal });
  }
}
