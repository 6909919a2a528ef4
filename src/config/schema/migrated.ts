import { parseChecksum } from '../../core/release.ts';
import { list, named, record } from './record.ts';
import { absolutePath, duration, patterned } from './text.ts';

const checksumError = 'must be a SHA-256: 64 hex digits, with or without 0x';

const checksum = patterned(/^(0x)?[0-9a-fA-F]{64}$/, checksumError).refine((said) => parseChecksum(said) !== null, {
  error: checksumError,
});

/** The checksums of migrations that the args file has already seen. */
export const migrated = list(checksum, 'must be a list of checksums').meta({
  description: 'Migrations of arguments that "args", "env" and "files" have seen already: they are passed over.',
});

const fileName = patterned(
  /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/,
  'must be a plain file name of at most 64 characters, such as "vault.toml"',
);

/** Config files of the operator, laid out with each deployment. */
export const files = named(fileName, absolutePath).meta({
  description: 'Config files that are laid out with each deployment, by name; {files} in "args" is their folder.',
});

export const migrateArguments = (usual: { readonly timeout: string }) =>
  record({
    timeout: duration().optional().meta({
      description: 'How long a migration of arguments may take.',
      default: usual.timeout,
    }),
  });
