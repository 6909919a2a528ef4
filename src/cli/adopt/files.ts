import { join } from 'node:path';
import type { Deployment } from '../../core/deployment.ts';
import { VisorError } from '../../errors.ts';
import type { Result } from '../../install/material.ts';

/** A config file of the operator that a migration has changed. */
export interface ChangedFile {
  readonly name: string;
  /** The operator's. */
  readonly path: string;
  /** Where the migrated one lies. */
  readonly migrated: string;
}

/**
 * Which files a migration has changed.
 * @throws VisorError `usage` where it made one, or did away with one: only the operator knows where that belongs
 */
export function changedFiles({ files = {} }: Deployment, result: Result, folder: string): readonly ChangedFile[] {
  const made = Object.keys(result.files).find((name) => files[name] === undefined);
  if (made !== undefined)
    throw new VisorError(
      'usage',
      `The migration made a config file, ${made}, that "files" of the client does not name`,
      `Nothing was changed. Copy ${join(folder, made)} to where it is to lie, name it in "files", then adopt again.`,
    );
  const gone = Object.keys(files).find((name) => result.files[name] === undefined);
  if (gone !== undefined)
    throw new VisorError(
      'usage',
      `The migration did away with the config file ${gone}, which "files" of the client names`,
      'Nothing was changed. Take it out of "files", then adopt again.',
    );
  return Object.entries(files).flatMap(([name, { path, sha256 }]) =>
    result.files[name] === sha256 ? [] : [{ name, path, migrated: join(folder, name) }],
  );
}
