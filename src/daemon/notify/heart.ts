import { setTimeout as pause } from 'node:timers/promises';
import type { HeartbeatConfig } from '../../config/notify.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { sendHeartbeat } from '../../notify/send/heartbeat.ts';
import type { ReceiverLook } from '../../observe/look.ts';
import { fillSecrets } from '../../secrets.ts';
import { createTally } from './tally.ts';

/** Tells a dead-man's switch that vaultvisor is well, as long as it is. */
export interface Heart {
  look(): ReceiverLook;
  stop(): Promise<void>;
}

export interface Beating {
  readonly to: HeartbeatConfig;
  readonly log: Log;
  /** Why vaultvisor is not well; `null`: it is. */
  ill(): string | null;
  allowInsecure(): boolean;
}

/** A beat that was lost on its way is made up for this soon. */
const AGAIN = 10_000;

export function startHeart({ to, log, ill, allowInsecure }: Beating): Heart {
  const stopping = new AbortController();
  const { signal } = stopping;
  const tally = createTally(to.name, log);
  let illness: string | null = null;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const isThrough = await beat();
      const wait = isThrough ? to.every : Math.min(to.every, AGAIN);
      await pause(wait, undefined, { signal }).catch(() => {});
    }
  }

  async function beat(): Promise<boolean> {
    const before = illness;
    illness = ill();
    if (illness !== null) {
      if (before === null) log.warn({ receiver: to.name, reason: illness }, 'no heartbeat: vaultvisor is not well');
      return true;
    }
    const outcome = await sendHeartbeat(to, { fill: fillSecrets, allowInsecure: allowInsecure(), signal });
    tally.attempted(outcome);
    if (outcome.is !== 'failed') tally.count([outcome.is]);
    return outcome.is === 'delivered';
  }

  const ended = run().catch((error: unknown) => {
    if (!signal.aborted)
      log.error({ receiver: to.name, reason: sentenceOf(error) }, 'the heartbeat broke; this is a bug');
  });

  return {
    look() {
      const at = tally.deliveredAt();
      return {
        receiver: to.name,
        kind: 'heartbeat',
        waiting: 0,
        oldestAt: null,
        deliveredAt: at === null ? null : new Date(at).toISOString(),
        trouble: illness ?? tally.trouble(),
        results: tally.results(),
      };
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
