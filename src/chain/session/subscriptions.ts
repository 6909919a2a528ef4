/** What `@polkadot/api` calls with each notification of a subscription. */
export type Heard = (error: Error | null, result: unknown) => void;

/** Who hears which notifications of a session. */
export interface Subscriptions {
  add(subscription: string | number, heard: Heard): void;
  remove(subscription: string | number): void;
  notify(subscription: string | number, result: unknown): void;
  clear(): void;
}

/** Notifications that came before the answer which names their subscription; more than that is not a node's haste. */
const EARLY = 16;

export function createSubscriptions(): Subscriptions {
  const subscriptions = new Map<string | number, Heard>();
  let early: { readonly subscription: string | number; readonly result: unknown }[] = [];

  const add: Subscriptions['add'] = (subscription, heard) => {
    subscriptions.set(subscription, heard);
    const held = early.filter((one) => one.subscription === subscription);
    early = early.filter((one) => one.subscription !== subscription);
    for (const { result } of held) heard(null, result);
  };

  const notify: Subscriptions['notify'] = (subscription, result) => {
    const heard = subscriptions.get(subscription);
    if (heard === undefined) early = [...early, { subscription, result }].slice(-EARLY);
    else heard(null, result);
  };

  return {
    add,
    notify,
    remove: (subscription) => void subscriptions.delete(subscription),
    clear: () => subscriptions.clear(),
  };
}
