import { isDeepStrictEqual } from 'node:util';
import type { Release } from '../../core/release.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import { type Announcement, type ChainSource, readerOf, type SourceReader } from '../source.ts';
import type { Reading } from './read-block.ts';

/** Who hears what of the clients of a network. */
export interface Listeners {
  announced(client: string, announcement: Announcement): void;
  trouble(client: string, error: VisorError | null): void;
}

/** Turns readings into what each client has to be told. */
export interface Announcer {
  keys(): readonly string[];
  watch(sources: ReadonlyMap<string, ChainSource>): void;
  /** From now on everyone is told again, changed or not: a new connection. */
  startOver(): void;
  /** Tells what changed, to those whose keys were read. Returns the clients whose releases are others than at the reading before. */
  tell(reading: Reading): readonly string[];
}

interface Watched {
  readonly source: ChainSource;
  readonly reader: SourceReader;
  former: Announcement | null;
  told: boolean;
  trouble: string | null;
}

export function createAnnouncer(network: string, listeners: Listeners): Announcer {
  let clients = new Map<string, Watched>();

  const watch: Announcer['watch'] = (sources) => {
    clients = new Map([...sources].map(([client, source]) => [client, kept(clients.get(client), source, network)]));
  };

  const tellOne = (client: string, watched: Watched, reading: Reading): boolean => {
    const { former, told } = watched;
    const { announcement, trouble } = announcementOf(watched, reading);
    if (trouble?.message !== (watched.trouble ?? undefined)) {
      watched.trouble = trouble?.message ?? null;
      listeners.trouble(client, trouble);
    }
    if (announcement === null) return false;
    Object.assign(watched, { former: announcement, told: true });
    if (!told || !sayTheSame(former, announcement)) listeners.announced(client, announcement);
    return former !== null && !nameTheSame(former, announcement);
  };

  return {
    watch,
    keys: () => [...clients.values()].flatMap(({ reader }) => reader.keys),
    startOver: () => {
      for (const watched of clients.values()) watched.told = false;
    },
    tell: (reading) =>
      [...clients]
        .filter(([client, watched]) => wasRead(watched, reading) && tellOne(client, watched, reading))
        .map(([client]) => client),
  };
}

function kept(watched: Watched | undefined, source: ChainSource, network: string): Watched {
  if (watched !== undefined && isDeepStrictEqual(watched.source, source)) return watched;
  return { source, reader: readerOf(source, network), former: null, told: false, trouble: watched?.trouble ?? null };
}

/** A client that came in during a read has nothing in it, which must not be taken for no release. */
const wasRead = ({ reader }: Watched, { values }: Reading): boolean => reader.keys.every((key) => values.has(key));

/**
 * A value that does not decode leaves what it said before in force, field by field: a broken pending entry must not hide a
 * repaired current one. Where the current release was never known there is nothing to announce.
 */
function announcementOf({ reader, former }: Watched, reading: Reading) {
  const { values, block, specVersion, upgrade } = reading;
  const current = attempt(() => reader.current(values));
  const pending = attempt(() => reader.pending(values));
  const trouble = 'error' in current ? current.error : 'error' in pending ? pending.error : null;
  if ('error' in current && former === null) return { announcement: null, trouble };
  const announcement: Announcement = {
    current: 'error' in current ? (former?.current ?? null) : current.release,
    pending: 'error' in pending ? (former?.pending ?? null) : pending.release,
    specVersion,
    upgradeAhead: upgrade.ahead,
    block,
  };
  return { announcement, trouble };
}

function attempt(read: () => Release | null): { release: Release | null } | { error: VisorError } {
  try {
    return { release: read() };
  } catch (error) {
    if (error instanceof VisorError) return { error };
    throw new VisorError('bug', sentenceOf(error), 'Please report this.', { cause: error });
  }
}

const nameTheSame = (a: Announcement, b: Announcement): boolean =>
  isDeepStrictEqual([a.current, a.pending], [b.current, b.pending]);

const sayTheSame = (a: Announcement | null, b: Announcement): boolean =>
  a !== null && nameTheSame(a, b) && a.specVersion === b.specVersion && a.upgradeAhead === b.upgradeAhead;
