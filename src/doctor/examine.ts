import { sentenceOf, VisorError } from '../errors.ts';
import { groups } from './catalogue.ts';
import type { Check, Complaint, Group, Verdict } from './check.ts';
import { mend } from './mend.ts';
import type { Patient } from './patient.ts';

/** One line of the answer; an API: keys are added, never changed or removed. */
export interface Finding {
  readonly id: string;
  readonly group: string;
  readonly state: 'well' | 'error' | 'warning' | 'note' | 'skipped';
  readonly about: string | null;
  readonly sentence: string;
  readonly fix: string | null;
  /** Where it is explained. */
  readonly link: string;
  /** What `--fix` did, in words; empty: nothing. */
  readonly mended: readonly string[];
}

export interface Examination {
  /** Mend what is safe to mend. */
  readonly fix: boolean;
  readonly signal: AbortSignal;
}

/** Examines all there is, in the order of the catalogue. What a check throws is a finding too: none keeps the others from being told. */
export const examine = (patient: Patient, how: Examination): Promise<readonly Finding[]> =>
  examineOnly(groups, patient, how);

/** The same of some checks. */
export async function examineOnly(
  asked: readonly Group[],
  patient: Patient,
  { fix, signal }: Examination,
): Promise<readonly Finding[]> {
  const all = await Promise.all(
    asked.flatMap(({ name, checks }) =>
      checks.map(async (one) => ({ group: name, id: one.id, found: await verdictOf(one, patient, signal) })),
    ),
  );
  const findings: Finding[] = [];
  for (const { group, id, found } of all) {
    const place = { id, group, link: linkOf(id) };
    if (found.is === 'ill')
      for (const complaint of found.complaints) findings.push({ ...place, ...(await told(complaint, fix)) });
    else findings.push({ ...place, state: found.is, about: null, sentence: found.sentence, fix: null, mended: [] });
  }
  return findings;
}

const linkOf = (id: string): string => `docs/doctor.md#${id}`;

async function verdictOf(check: Check, patient: Patient, signal: AbortSignal): Promise<Verdict> {
  try {
    return await check.examine(patient, signal);
  } catch (error) {
    const fix = error instanceof VisorError ? error.next : 'Run doctor as root, or as the user of the daemon.';
    const complaint = {
      severity: 'note',
      about: null,
      sentence: `It could not be looked at: ${sentenceOf(error)}.`,
      fix,
    } as const;
    return { is: 'ill', complaints: [complaint] };
  }
}

type Told = Pick<Finding, 'state' | 'about' | 'sentence' | 'fix' | 'mended'>;

/** What was mended in full is well from now on. */
async function told({ severity, about, sentence, fix, mends = [] }: Complaint, isToMend: boolean): Promise<Told> {
  const usual = { state: severity, about, sentence, fix, mended: [] };
  if (!isToMend || mends.length === 0) return usual;
  const mended: string[] = [];
  try {
    for (const one of mends) mended.push(await mend(one));
    return { ...usual, state: 'well', fix: null, mended };
  } catch (error) {
    return { ...usual, mended, fix: `${fix} It could not be done here: ${sentenceOf(error)}.` };
  }
}
