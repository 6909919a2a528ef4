/** Those who wait for one another. */
export interface Rendezvous {
  /** Resolves when everybody is there and the last one's act is done. */
  meet(act: () => Promise<void>): Promise<void>;
  /** One fewer is waited for. */
  leave(): void;
}

interface Waiting {
  readonly act: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function createRendezvous(size: number): Rendezvous {
  let members = size;
  let waiting: Waiting[] = [];

  async function goOn(): Promise<void> {
    const [last] = waiting;
    if (last === undefined || waiting.length < members) return;
    const together = waiting;
    waiting = [];
    try {
      await last.act();
      for (const { resolve } of together) resolve();
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }

  return {
    meet: (act) =>
      new Promise((resolve, reject) => {
        waiting.push({ act, resolve, reject });
        void goOn();
      }),
    leave() {
      members -= 1;
      void goOn();
    },
  };
}
