import { type Placed, placeOf } from '../config/accepted-record.ts';
import type { ClientConfig } from '../config/settings.ts';
import type { Notice } from '../core/notices/notice.ts';
import { sentenceOf, VisorError } from '../errors.ts';
import { openInstance, type RunningInstance } from './instance/instance.ts';
import type { Services } from './services.ts';

/** A client of the file whose instance could not be taken up: its state is damaged, of a newer version, or cannot be read just now. */
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

/** `line`: what of it stands in the history. */
export type Observe = (
  instance: { readonly network: string; readonly client: string },
  notice: Notice,
  line: object,
) => void;

/** How soon an instance whose files could not be read or written is tried again (ms). */
const AGAIN = 2_000;

/** `late`: told of an instance that could be taken up only some time after the file named it, and has missed what was said since. */
export function createInstances(
  services: Services,
  observe: Observe,
  late: (instance: RunningInstance) => void,
): Instances {
  const running = new Map<string, RunningInstance>();
  const refused = new Map<string, Refused>();
  let order: readonly string[] = [];
  let again: NodeJS.Timeout | null = null;
  let unread: readonly Placed[] = [];
  let isStopping = false;
  let turn: Promise<unknown> = Promise.resolve();

  /** What is taken up and what is removed must not mix. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = turn.then(act);
    turn = done.catch(() => {});
    return done;
  }

  async function take(placed: Placed): Promise<void> {
    const { network, client } = placed;
    const place = placeOf(client);
    const here = running.get(place);
    if (here) return here.configure(client, network.genesis);
    try {
      running.set(place, await openInstance(client, network.genesis, services, (...told) => observe(client, ...told)));
      refused.delete(place);
    } catch (error) {
      refuse(placed, error);
    }
  }

  function refuse(placed: Placed, error: unknown): void {
    const { client } = placed;
    const place = placeOf(client);
    const reason = error instanceof VisorError ? `${error.message}. ${error.next}` : sentenceOf(error);
    if (refused.get(place)?.reason !== reason)
      services.log.error(
        { network: client.network, client: client.client, reason },
        'this instance cannot be taken up and stays down; the others go on',
      );
    refused.set(place, { config: client, reason });
    // what is damaged a person must mend; what the disk or the machine refused just now may be there in a moment
    if (isOfMachine(error)) unread = [...unread, placed];
  }

  function tryAgain(): void {
    if (unread.length === 0 || isStopping) return;
    again ??= setTimeout(() => {
      again = null;
      void inTurn(takeLate);
    }, AGAIN);
  }

  async function takeLate(): Promise<void> {
    const due = unread;
    unread = [];
    if (isStopping) return;
    for (const placed of due) {
      await take(placed);
      const instance = running.get(placeOf(placed.client));
      if (instance === undefined) continue;
      services.log.info({ network: instance.network, client: instance.client }, 'this instance was taken up after all');
      late(instance);
    }
    sortLike(running, order);
    tryAgain();
  }

  return {
    configure: (placed) =>
      inTurn(async () => {
        unread = [];
        for (const each of placed) await take(each);
        order = placed.map(({ client }) => placeOf(client));
        sortLike(running, order);
        tryAgain();
      }),
    async remove(place) {
      const here = await inTurn(async () => {
        const one = running.get(place);
        running.delete(place);
        refused.delete(place);
        unread = unread.filter(({ client }) => placeOf(client) !== place);
        return one;
      });
      await here?.stop();
      await here?.leave();
    },
    get: (place) => running.get(place),
    has: (place) => running.has(place) || refused.has(place),
    all: () => [...running.values()],
    refused: () => [...refused.values()],
    stop: async () => {
      isStopping = true;
      if (again) clearTimeout(again);
      await turn;
      await Promise.all([...running.values()].map((instance) => instance.stop()));
    },
  };
}

const isOfMachine = (error: unknown): boolean =>
  error instanceof VisorError && (error.code === 'io' || error.code === 'permission');

/** What the file no longer names comes last. */
function sortLike(map: Map<string, RunningInstance>, order: readonly string[]): void {
  const rank = (place: string) => (order.includes(place) ? order.indexOf(place) : order.length);
  const sorted = [...map].sort(([a], [b]) => rank(a) - rank(b));
  map.clear();
  for (const [place, instance] of sorted) map.set(place, instance);
}
