import { printable } from '../errors.ts';
import { type Document, nodeAt, offsetAt, placeOf } from './document.ts';
import { redactValue } from './redact.ts';

export type Path = readonly (string | number)[];

/** Something wrong at a path of the file, not yet brought into words and place. */
export interface Finding {
  readonly path: Path;
  /** Reads on after the path: `must be …`, `is …`. */
  readonly message: string;
  /** Where it is not the value at the path that is meant. */
  readonly offset?: number;
}

/** One thing that a person has to mend in the args file. */
export interface Problem {
  /** Such as `networks.kintsugi.clients.vault.stop.grace`; empty: the file as a whole. */
  readonly path: string;
  /** JSON of the value, shortened, without secrets; empty where there is none. */
  readonly value: string;
  readonly message: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

const longestValue = 80;

/** In the order of the file; what is written in `defaults` is reported there, once. */
export function problemsOf(document: Document, findings: readonly Finding[]): readonly Problem[] {
  const quiet = redactValue(document.value);
  const placed = findings.map((finding) => placedIn(document, quiet, finding)).sort((a, b) => a.offset - b.offset);
  const seen = new Set<string>();
  return placed.flatMap(({ problem }) => {
    const key = JSON.stringify([problem.path, problem.message]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [problem];
  });
}

function placedIn(document: Document, quiet: unknown, finding: Finding): { offset: number; problem: Problem } {
  const path = whereWritten(document, finding.path);
  const offset = finding.offset ?? offsetAt(document, path);
  const problem = {
    path: printable(path.join('.')),
    value: nodeAt(document, path) === undefined ? '' : valueAt(quiet, path),
    message: finding.message,
  };
  return { offset, problem: { ...problem, ...placeOf(document, offset) } };
}

/** A client's setting that only `defaults` has is mended there. */
function whereWritten(document: Document, path: Path): Path {
  const [top, , clients, , ...setting] = path;
  if (top !== 'networks' || clients !== 'clients' || setting.length === 0) return path;
  const inherited = ['defaults', ...setting];
  return nodeAt(document, path) === undefined && nodeAt(document, inherited) !== undefined ? inherited : path;
}

function valueAt(quiet: unknown, path: Path): string {
  if (path.length === 0) return '';
  const value = path.reduce<unknown>((held, step) => (held as Record<string | number, unknown>)[step], quiet);
  const text = printable(JSON.stringify(value) ?? '');
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
}
