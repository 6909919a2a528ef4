import { examine, type Finding } from '../../doctor/examine.ts';
import type { Context } from '../context.ts';
import { patientOf } from '../doctor/patient.ts';
import { doctorPage } from '../print/doctor.ts';
import { paintFor } from '../print/paint.ts';
import { withProgress } from '../progress.ts';

interface Options {
  readonly fix: boolean;
  readonly json: boolean;
}

/** Milliseconds for all checks together; a store of some GB takes a minute to hash. */
const PATIENCE = 600_000;

/** Looks at all that keeps vaultvisor and its clients from being well. @returns 0; 3 where something is an error */
export async function doctor([place]: string[], { fix, json }: Options, context: Context): Promise<number> {
  const patient = await patientOf(place, context);
  const findings = await withProgress('the checks', () =>
    examine(patient, { fix, signal: AbortSignal.timeout(PATIENCE) }),
  );
  if (json) context.json({ schema: 1, ok: isWell(findings), findings });
  else context.say(doctorPage(findings, paintFor(process.stdout)));
  return isWell(findings) ? 0 : 3;
}

const isWell = (findings: readonly Finding[]): boolean => findings.every(({ state }) => state !== 'error');
