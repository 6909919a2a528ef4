import { systemCode, VisorError } from '../../errors.ts';
import { inspectProgram } from '../../install/format.ts';
import { checkFits, thisHost } from '../../install/host.ts';
import { verifiedPath } from '../../store/files/checksum-path.ts';
import { listStaged } from '../../store/stage.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf, type Patient, runHere } from '../patient.ts';
import { laidOut } from './laid.ts';

interface Program {
  readonly client: string | null;
  readonly path: string;
}

/** Whether what is committed, and what a person staged, could start here: its machine, its loader, its glibc. */
export const fits = check(
  'program-fits',
  async (patient, signal) => {
    const programs = [...(await committed(patient, signal)), ...(await staged(patient))];
    const host = thisHost();
    const told = await Promise.all(
      programs.map(async (program) => ({ ...program, why: await obstacle(program.path, host) })),
    );
    return { told, glibc: host.glibc };
  },
  ({ told, glibc }) => {
    if (told.length === 0) return skipped('Nothing is committed or staged yet.');
    const complaints = told.flatMap(({ client, path, why }): Complaint[] =>
      why === null
        ? []
        : [
            {
              severity: client === null ? 'warning' : 'error',
              about: client,
              sentence: `${path} cannot start here. ${why.message}`,
              fix: why.next,
            },
          ],
    );
    return verdict(complaints, `Every program can start here${glibc === null ? '' : ` (glibc ${glibc})`}.`);
  },
);

async function committed(patient: Patient, signal: AbortSignal): Promise<readonly Program[]> {
  const here = new Set(runHere(patient).map(nameOf));
  const all = (await laidOut(patient, signal)).filter(({ client }) => here.has(client));
  return all.flatMap(({ client, program }) => (program === null ? [] : [{ client, path: program.path }]));
}

async function staged({ home }: Patient): Promise<readonly Program[]> {
  const checksums = home === null ? [] : await listStaged(home.store);
  return checksums.map((checksum) => ({ client: null, path: home === null ? '' : verifiedPath(home.store, checksum) }));
}

/** An archive is no program: only its member is one. */
async function obstacle(path: string, host: ReturnType<typeof thisHost>): Promise<VisorError | null> {
  try {
    return checkFits(await inspectProgram(path), host);
  } catch (error) {
    if (!(error instanceof VisorError)) throw error;
    const isGone = systemCode(error.cause) === 'ENOENT';
    return isGone || /archive|compressed/.test(error.message) ? null : error;
  }
}
