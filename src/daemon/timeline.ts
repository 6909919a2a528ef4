import type { Home } from '../layout.ts';
import type { Place } from '../observe/happenings.ts';
import type { Line } from '../observe/words/story.ts';
import { openHistory } from '../store/history.ts';

/** The newest of what happened to each instance, for the page. */
export interface Timeline {
  /** A line that was just told, be it on disk yet or not. */
  told(place: Place, line: object): void;
  /** Oldest first. */
  of(place: Place): Promise<readonly Line[]>;
}

/** So many of each instance. */
const KEPT = 30;

/** What was before this daemon is read from disk, once, when somebody first looks; from then on it is what is told. */
export function createTimeline(home: Home): Timeline {
  const recent = new Map<string, readonly Line[]>();
  const former = new Map<string, Promise<readonly Line[]>>();
  const keyOf = ({ network, client }: Place) => `${network}/${client}`;

  async function readFormer({ network, client }: Place): Promise<readonly Line[]> {
    const lines = await openHistory(home.instance(network, client).history)
      .read({ limit: KEPT })
      .catch(() => []);
    return lines.map(({ schema: _, ...line }: { schema?: unknown }) => line);
  }

  return {
    told(place, line) {
      recent.set(keyOf(place), [...(recent.get(keyOf(place)) ?? []), line as Line].slice(-KEPT));
    },
    async of(place) {
      const key = keyOf(place);
      const reading = former.get(key) ?? readFormer(place);
      former.set(key, reading);
      const onDisk = await reading;
      const told = recent.get(key) ?? [];
      // what was told before it was read may be on disk too
      const known = new Set(told.map((line) => JSON.stringify(line)));
      return [...onDisk.filter((line) => !known.has(JSON.stringify(line))), ...told].slice(-KEPT);
    },
  };
}
