import { Counter, Gauge, type Registry } from 'prom-client';
import type { ReceiverLook } from './look.ts';

/** Registers how messages get through. Read from the look, so that it cannot drift from `status`. */
export function notifyGauges(register: Registry): (receivers: readonly ReceiverLook[]) => void {
  const registers = [register];
  const results = new Counter({
    name: 'vaultvisor_notifications_total',
    help: 'Messages and heartbeats, by what became of them; failed counts attempts, of which there are more.',
    labelNames: ['receiver', 'result'],
    registers,
  });
  const waiting = new Gauge({
    name: 'vaultvisor_notifications_waiting',
    help: 'Messages that are not delivered yet.',
    labelNames: ['receiver'],
    registers,
  });
  return (receivers) => {
    for (const each of [results, waiting]) each.reset();
    for (const { receiver, kind, waiting: count, results: counts } of receivers) {
      if (kind !== 'heartbeat') waiting.set({ receiver }, count);
      for (const [result, times] of Object.entries(counts)) results.inc({ receiver, result }, times);
    }
  };
}
