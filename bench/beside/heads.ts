import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A finalised head as somebody else than the daemon heard it. */
export interface Head {
  readonly number: number;
  /** On the clock of the journals. */
  readonly at: number;
  /** How long a read of the keys took at once, ms; only where keys were given. */
  readonly read?: number;
}

export interface Heads {
  /** Waits for the head with this number; fails after 10 s. */
  of(number: number): Promise<Head>;
  stop(): void;
}

export async function watchHeads(endpoint: string, keys?: readonly string[]): Promise<Heads> {
  const args = [endpoint, ...(keys ? [JSON.stringify(keys)] : [])];
  const watcher = fork(fileURLToPath(new URL('heads.mjs', import.meta.url)), args, { execArgv: [] });
  const heads = new Map<number, Head>();
  await once(watcher, 'message');
  watcher.on('message', (head: Head) => heads.set(head.number, head));
  return {
    async of(number) {
      for (let tries = 0; tries < 1_000; tries += 1) {
        const head = heads.get(number);
        if (head !== undefined) return head;
        await sleep(10);
      }
      throw new Error(`the finalised head ${number} was not heard`);
    },
    stop: () => watcher.connected && watcher.disconnect(),
  };
}
