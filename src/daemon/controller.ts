import { durable } from '../core/born.ts';
import type { InstanceEvent } from '../core/events.ts';
import type { Instance } from '../core/instance.ts';
import type { Moment, Policy } from '../core/policy.ts';
import type { Millis } from '../core/release.ts';
import { type Task, tasks } from '../core/tasks.ts';
import { transition } from '../core/transition.ts';
import { unsaved } from '../core/unsaved.ts';
import { VisorError } from '../errors.ts';

/** The shell around the core: for each event `transition`, save if changed, tell the observers, want the tasks. */
export interface Controller {
  tell(event: InstanceEvent): void;
  /** The same for a person: resolves when it is through, rejects when it could not be saved (then nothing changed). */
  ask(event: InstanceEvent): Promise<void>;
  value(): Instance;
  /** For how long the event that is worked through now has been; 0: none is. */
  busyFor(): Millis;
  /** Takes no more events; resolves when the present one is through. */
  stop(): Promise<void>;
}

interface Told {
  readonly event: InstanceEvent;
  done?(): void;
  refused?(error: unknown): void;
}

export interface Controlling {
  policy(): Policy;
  moment(): Moment;
  save(instance: Instance): Promise<void>;
  observe(before: Instance, event: InstanceEvent, after: Instance): void;
  want(tasks: readonly Task[]): void;
  /** An event that could not be worked through: a bug. What is told next is heard all the same. */
  broke(error: unknown): void;
  /** The state cannot be saved (an error), or can again (`null`). */
  unsaved(error: unknown): void;
}

/** How soon a state that could not be saved is tried again. */
const SAVE_AGAIN = 2_000;

/**
 * Law: nothing below the save runs unless the save succeeded. What cannot be saved is parked, and told again when it
 * can; meanwhile the present child stays. The exceptions are those without which nothing would serve (core/unsaved.ts).
 */
export function createController(first: Instance, on: Controlling): Controller {
  let value = first;
  let queue: Told[] = [];
  let parked: InstanceEvent[] = [];
  let work: Promise<void> | null = null;
  let again: NodeJS.Timeout | null = null;
  let isFailing = false;
  let isStopped = false;
  let since: number | null = null;

  async function drain(): Promise<void> {
    for (let told = queue.shift(); told !== undefined; told = queue.shift()) {
      since = performance.now();
      await step(told).catch(broke(told));
    }
    since = null;
    work = null;
  }

  /** Who waits for an answer gets one. */
  const broke =
    ({ refused }: Told) =>
    (error: unknown) => {
      on.broke(error);
      refused?.(error);
    };

  async function step({ event, refused, done }: Told): Promise<void> {
    const before = value;
    const after = transition(before, event, on.policy(), on.moment());
    if (isLevel(event)) parked = parked.filter(({ type }) => type !== event.type);
    const error = await save(before, after);
    if (error !== null && refused) return refused(error);
    value = error === null ? after : (unsaved(before, event, after) ?? before);
    // what only strikes out times strikes out the others when they can be saved
    if (error !== null && (value === before || event.type === 'woke')) parked.push(event);
    if (error === null || value !== before) tellObservers(before, event);
    on.want(tasks(value, on.policy()));
    done?.();
  }

  /** Who only looks keeps nothing from being done. */
  function tellObservers(before: Instance, event: InstanceEvent): void {
    try {
      on.observe(before, event, value);
    } catch (error) {
      on.broke(error);
    }
  }

  async function save(before: Instance, after: Instance): Promise<unknown> {
    const isSaved = JSON.stringify(durable(before)) === JSON.stringify(durable(after));
    if (isSaved && !isFailing) return null;
    try {
      await on.save(durable(after));
      if (isFailing) on.unsaved(null);
      isFailing = false;
      return null;
    } catch (error) {
      on.unsaved(error);
      isFailing = true;
      again ??= setTimeout(replay, SAVE_AGAIN);
      return isSaved ? null : error;
    }
  }

  /** Where nothing is parked (a person was refused), that the present state can be saved again is found out all the same. */
  function replay(): void {
    again = null;
    const late: readonly InstanceEvent[] = parked.length > 0 ? parked : [{ type: 'woke' }];
    queue = [...late.map((event) => ({ event })), ...queue];
    parked = [];
    start();
  }

  function start(): void {
    if (isStopped || work !== null || queue.length === 0) return;
    work = drain();
  }

  return {
    value: () => value,
    busyFor: () => (since === null ? 0 : performance.now() - since),
    tell(event) {
      queue.push({ event });
      start();
    },
    ask: (event) =>
      new Promise((done, refused) => {
        if (isStopped) return refused(stopping());
        queue.push({ event, done, refused });
        start();
      }),
    async stop() {
      isStopped = true;
      if (again !== null) clearTimeout(again);
      await work;
    },
  };
}

/** What is said again and again: only the last that was said counts. */
const isLevel = ({ type }: InstanceEvent) => type === 'announced' || type === 'configured';

const stopping = () =>
  new VisorError('busy', 'This instance is being stopped', 'Nothing was changed. Look at status, then try again.');
