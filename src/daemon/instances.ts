import { type Placed, placeOf } from '../config/accepted-record.ts';
import type { ClientConfig } from '../config/settings.ts';
import type { Notice } from '../core/notices.ts';
import { sentenceOf, VisorError } from '../errors.ts';
import { openInstance, type RunningInstance } from './instance/instance.ts';
import type { Services } from './services.ts';

/** A client of the file whose instance could not be taken up: its state is damaged, or of a newer version. */
export interface Refused {
  readonly config: ClientConfig;
  readonly reason: string;
}

/** The instances of a daemon, in the order of the file. */
export interface Instances {
  /** Takes up what is new, tells the others what the file says of them; what is missing stays. */
  configure(placed: readonly Placed[]): Promise<void>;
  /** Ends an instance with its child; its folder stays. */
  remove(place: string): Promise<void>;
  get(place: string): RunningInstance | undefined;
  /** Whether a file names it, be it taken up or not. */
  has(place: string): boolean;
  all(): readonly RunningInstance[];
  refused(): readonly Refused[];
  stop(): Promise<void>;
}

export type Observe = (instance: { readonly network: string; readonly client: string }, notice: Notice) => void;

export function createInstances(services: Services, observe: Observe): Instances {
  const running = new Map<string, RunningInstance>();
  const refused = new Map<string, Refused>();

  async function take({ network, client }: Placed): Promise<void> {
    const place = placeOf(client);
    const here = running.get(place);
    if (here) return here.configure(client, network.genesis);
    try {
      running.set(place, await openInstance(client, network.genesis, services, (notice) => observe(client, notice)));
      refused.delete(place);
    } catch (error) {
      const reason = error instanceof VisorError ? `${error.message}. ${error.next}` : sentenceOf(error);
      refused.set(place, { config: client, reason });
      services.log.error(
        { network: client.network, client: client.client, reason },
        'this instance cannot be taken up and stays down; the others go on',
      );
    }
  }

  return {
    async configure(placed) {
      for (const each of placed) await take(each);
      sortLike(
        running,
        placed.map(({ client }) => placeOf(client)),
      );
    },
    async remove(place) {
      const here = running.get(place);
      running.delete(place);
      refused.delete(place);
      await here?.stop();
      await here?.leave();
    },
    get: (place) => running.get(place),
    has: (place) => running.has(place) || refused.has(place),
    all: () => [...running.values()],
    refused: () => [...refused.values()],
    stop: async () => {
      await Promise.all([...running.values()].map((instance) => instance.stop()));
    },
  };
}

/** What the file no longer names comes last. */
function sortLike(map: Map<string, RunningInstance>, order: readonly string[]): void {
  const rank = (place: string) => (order.includes(place) ? order.indexOf(place) : order.length);
  const sorted = [...map].sort(([a], [b]) => rank(a) - rank(b));
  map.clear();
  for (const [place, instance] of sorted) map.set(place, instance);
}
