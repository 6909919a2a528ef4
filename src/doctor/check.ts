import type { Patient } from './patient.ts';

/**
 * `error`: it keeps a client down, or loses something. `warning`: it will, on a bad day. `note`: worth knowing, and nothing is wrong.
 */
export type Severity = 'error' | 'warning' | 'note';

/** What `--fix` may do: never more than these, and never to a client. */
export type Mend =
  | { readonly act: 'chmod'; readonly path: string; readonly mode: number }
  | { readonly act: 'makeFolder'; readonly path: string; readonly mode: number; readonly uid: number | null }
  | { readonly act: 'remove'; readonly path: string };

/** One thing that is not as it should be. */
export interface Complaint {
  readonly severity: Severity;
  /** `network`, `network/client`, a unit or a path; `null`: the machine or the file as a whole. */
  readonly about: string | null;
  readonly sentence: string;
  /** What a person does about it. */
  readonly fix: string;
  readonly mends?: readonly Mend[];
}

export type Verdict =
  | { readonly is: 'well'; readonly sentence: string }
  | { readonly is: 'ill'; readonly complaints: readonly Complaint[] }
  /** There is nothing to look at here, or we may not look; the sentence says why. */
  | { readonly is: 'skipped'; readonly sentence: string };

/** One question to the machine. Its id is an API: scripts and the headings of docs/doctor.md name it. */
export interface Check {
  readonly id: string;
  /** Looks, and judges what it saw. It disturbs no daemon and no client. */
  examine(patient: Patient, signal: AbortSignal): Promise<Verdict>;
}

/** Checks of one kind, under the name that a person reads. */
export interface Group {
  readonly name: string;
  readonly checks: readonly Check[];
}

/** A check of two halves: `look` touches the world and decides nothing, `judge` decides and touches nothing. */
export function check<Seen>(
  id: string,
  look: (patient: Patient, signal: AbortSignal) => Seen | Promise<Seen>,
  judge: (seen: Seen, patient: Patient) => Verdict,
): Check {
  return { id, examine: async (patient, signal) => judge(await look(patient, signal), patient) };
}

export const skipped = (sentence: string): Verdict => ({ is: 'skipped', sentence });

/** Well where nobody complains. */
export const verdict = (complaints: readonly Complaint[], well: string): Verdict =>
  complaints.length === 0 ? { is: 'well', sentence: well } : { is: 'ill', complaints };

/** What several checks look at is looked at once. */
export function once<Seen>(
  look: (patient: Patient, signal: AbortSignal) => Promise<Seen>,
): (patient: Patient, signal: AbortSignal) => Promise<Seen> {
  const seen = new WeakMap<Patient, Promise<Seen>>();
  return (patient, signal) => {
    const found = seen.get(patient) ?? look(patient, signal);
    seen.set(patient, found);
    return found;
  };
}
