import { type Phase, phases } from './phase.ts';

/** What a soak counted. Those of several workers or pieces add up. */
export interface Tally {
  kills: number;
  /** Of a supervisor that is the process room alone. */
  bareKills: number;
  /** Daemons that were told to stop and had left before the kill came. */
  left: number;
  /** Daemons that found their home taken, and refused. */
  refused: number;
  pauses: number;
  edits: number;
  releases: number;
  clientsKilled: number;
  starts: number;
  orphans: number;
  settled: number;
  /** Clients that their own guard kept from starting: the pid in its file was alive under the same name. */
  guarded: number;
  /** Files in the homes and the folder of the locks that nothing needs any more. */
  leftovers: number;
  readonly phases: Record<Phase, number>;
}

export const emptyTally = (): Tally => ({
  kills: 0,
  bareKills: 0,
  left: 0,
  refused: 0,
  pauses: 0,
  edits: 0,
  releases: 0,
  clientsKilled: 0,
  starts: 0,
  orphans: 0,
  settled: 0,
  guarded: 0,
  leftovers: 0,
  phases: Object.fromEntries(phases.map((phase) => [phase, 0])) as Record<Phase, number>,
});

export function sum(all: readonly Tally[]): Tally {
  const total = emptyTally();
  for (const { phases: hit, ...counts } of all) {
    for (const [name, count] of Object.entries(counts)) total[name as keyof typeof counts] += count;
    for (const phase of phases) total.phases[phase] += hit[phase];
  }
  return total;
}
