import type { z } from 'zod';
import { nearest } from '../../nearest.ts';
import type { Finding, Path } from '../problem.ts';

type Issue = z.core.$ZodIssue;

/** What the schema refuses, in sentences; `has` tells whether the file has a value at a path. */
export function findingsOf(issues: readonly Issue[], has: (path: Path) => boolean): readonly Finding[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownKey([...path, key], key, issue.message));
    if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }];
    return [{ path, message: has(path) ? issue.message : `is missing: it ${issue.message}` }];
  });
}

function unknownKey(path: Path, key: string, known: string): Finding {
  const meant = nearest(key, known.split(', '));
  const help = meant === null ? `known here are ${known}` : `did you mean "${meant}"?`;
  return { path, message: `is not a known key: ${help}` };
}
