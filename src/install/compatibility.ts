import { printedSpecVersions, type SpecRange } from '../core/spec-versions.ts';
import { printable, VisorError } from '../errors.ts';
import { withWords } from './durable.ts';
import { bareEnvironment, withEmptyFolder } from './empty-folder.ts';
import { type PreflightRequest, preflightWords } from './preflight.ts';
import { howItEnded, lastWords, runOnce } from './run-once.ts';
import { sandbox } from './sandbox.ts';

const usualLimit = 5_000;

/** Sixty-four ranges of the longest spelling are less than a kilobyte and a half. */
const outputCap = 64 * 1024;

/**
 * Asks a new program which spec versions it serves: `1019000`, `1020000-1020003`, one to a line, or a JSON list. It is run as a preflight
 * is (an empty folder, nothing of the operator's, 5 s), and has no network where the machine allows that.
 * @throws VisorError `config`, if it does not end with 0 in time, or prints anything else.
 */
export async function askCompatibility(request: PreflightRequest, signal: AbortSignal): Promise<readonly SpecRange[]> {
  signal.throwIfAborted();
  const { program, command, limit = usualLimit, as = null } = request;
  const { words } = await sandbox(as);
  const ending = await withEmptyFolder('compatibility', as, (cwd) => {
    const once = {
      words: [...words, ...preflightWords(program, command)],
      cwd,
      env: bareEnvironment(cwd),
      limit,
      outputCap,
    };
    return runOnce(once, signal);
  }).catch((thrown: unknown) => {
    throw withWords(
      'The program cannot be asked which spec versions it serves (it needs `timeout` of coreutils)',
      thrown,
    );
  });
  signal.throwIfAborted();
  if (ending.isTooLong) throw failure(request, `wrote more than ${outputCap} bytes`);
  if (ending.isLate || ending.code !== 0) throw failure(request, `${howItEnded(ending, limit)}. ${lastWords(ending)}`);
  const ranges = printedSpecVersions(ending.output.toString('utf8'));
  if (ranges !== null) return ranges;
  throw failure(request, 'printed something else than spec versions such as 1019000 or 1019000-1019003, one to a line');
}

function failure({ program, command }: PreflightRequest, how: string): VisorError {
  const words = preflightWords(program.slice(program.lastIndexOf('/') + 1), command).join(' ');
  return new VisorError(
    'config',
    `\`${printable(words)}\`, asked which spec versions it serves, ${how}`,
    'The former release goes on; tell whoever publishes this one, or correct "release.compatibility" of the client.',
  );
}
