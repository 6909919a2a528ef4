import { VisorError } from '../errors.ts';
import type { Problem } from './problem.ts';

/** For a person: two lines for each, the place with path and value, then what is wrong and what is allowed. */
export function formatProblems(problems: readonly Problem[], file: string): string {
  return problems.map((problem) => `${placeLine(problem, file)}\n  ${problem.message}`).join('\n');
}

function placeLine({ path, value, line, column }: Problem, file: string): string {
  const said = value === '' ? path : `${path} = ${value}`;
  return said === '' ? `${file}:${line}:${column}` : `${file}:${line}:${column} ${said}`;
}

/** The error of a file that is not accepted, with all that is wrong in it. */
export function configError(problems: readonly Problem[], file: string): VisorError {
  const places = problems.length === 1 ? 'this place' : `these ${problems.length} places`;
  const next = `Mend ${places}; "vaultvisor config validate --config ${file}" looks again, and touches nothing that runs.`;
  return new VisorError('config', `${file} is not accepted:\n${formatProblems(problems, file)}`, next);
}
