import type { HeartbeatConfig, NotifyConfig, ReceiverConfig } from '../../config/notify.ts';
import type { Log } from '../../log.ts';
import type { Message } from '../../notify/message.ts';
import type { ReceiverLook } from '../../observe/look.ts';
import type { Clock } from '../clock.ts';
import type { Book } from './book.ts';
import { type Courier, createCourier } from './courier.ts';
import { type Heart, startHeart } from './heart.ts';

/** A courier for each receiver that is told, a heart for each that only listens. */
export interface Post {
  put(receiver: string, message: Message): void;
  /** Whom the file names from now on. What waited for another is forgotten. */
  follow(receivers: readonly ReceiverConfig[]): Promise<void>;
  look(): readonly ReceiverLook[];
  stop(): Promise<void>;
}

export interface Posting {
  readonly book: Book;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now'>;
  config(): NotifyConfig;
  ill(): string | null;
  iso(time: number): string;
  allowInsecure(): boolean;
}

export function createPost(on: Posting): Post {
  const couriers = new Map<string, Courier>();
  const hearts = new Map<string, { readonly key: string; readonly heart: Heart }>();
  let order: readonly string[] = [];

  function courierFor(to: Exclude<ReceiverConfig, HeartbeatConfig>): void {
    const here = couriers.get(to.name);
    here?.revise(to);
    if (here) return;
    const carrying = { book: on.book, log: on.log, now: on.clock.now, iso: on.iso, allowInsecure: on.allowInsecure };
    couriers.set(to.name, createCourier({ ...carrying, to, expireAfter: () => on.config().expire }));
  }

  async function heartFor(to: HeartbeatConfig): Promise<void> {
    const key = JSON.stringify(to);
    const here = hearts.get(to.name);
    if (here?.key === key) return;
    await here?.heart.stop();
    hearts.set(to.name, { key, heart: startHeart({ to, log: on.log, ill: on.ill, allowInsecure: on.allowInsecure }) });
  }

  async function dismiss(names: readonly string[]): Promise<void> {
    const gone = [...couriers].filter(([name]) => !names.includes(name));
    for (const [name] of gone) couriers.delete(name);
    await Promise.all(gone.map(([, courier]) => courier.stop()));
    const record = on.book.get();
    const queues = Object.fromEntries(Object.entries(record.queues).filter(([name]) => couriers.has(name)));
    if (Object.keys(queues).length < Object.keys(record.queues).length) on.book.set({ ...record, queues });
  }

  return {
    put: (receiver, message) => couriers.get(receiver)?.put(message),
    async follow(receivers) {
      order = receivers.map(({ name }) => name);
      const told = receivers.filter((receiver) => receiver.kind !== 'heartbeat');
      const listening = receivers.filter((receiver) => receiver.kind === 'heartbeat');
      // one that is on its way to somebody who was taken out may take a moment; nobody waits for that
      void dismiss(told.map(({ name }) => name));
      for (const [name, { heart }] of hearts)
        if (!listening.some((one) => one.name === name) && hearts.delete(name)) void heart.stop();
      for (const to of told) courierFor(to);
      for (const to of listening) await heartFor(to);
    },
    look: () => order.flatMap((name) => couriers.get(name)?.look() ?? hearts.get(name)?.heart.look() ?? []),
    async stop() {
      const all = [...couriers.values(), ...[...hearts.values()].map(({ heart }) => heart)];
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}
