import type { VisorError } from '../../errors.ts';

/** What can be wrong with a network, the most telling first. */
const kinds = ['genesis', 'unreadable', 'finality', 'stall', 'clock'] as const;
export type AlarmKind = (typeof kinds)[number];

/** The alarms of one network. The first of those that are raised is told, once, and `null` when none is left. */
export interface Alarms {
  raise(kind: AlarmKind, error: VisorError): void;
  clear(...kinds: readonly AlarmKind[]): void;
  current(): VisorError | null;
}

export function createAlarms(tell: (error: VisorError | null) => void): Alarms {
  const raised = new Map<AlarmKind, VisorError>();
  let told: AlarmKind | null = null;
  const first = () => kinds.find((kind) => raised.has(kind)) ?? null;
  const current = () => {
    const kind = first();
    return kind === null ? null : (raised.get(kind) ?? null);
  };
  // by kind, not by words: an age that grows with every block is one alarm
  const tellIfChanged = () => {
    if (first() === told) return;
    told = first();
    tell(current());
  };
  const raise: Alarms['raise'] = (kind, error) => {
    raised.set(kind, error);
    tellIfChanged();
  };
  const clear: Alarms['clear'] = (...gone) => {
    for (const kind of gone) raised.delete(kind);
    tellIfChanged();
  };
  return { raise, clear, current };
}
