import { type Complaint, check, verdict } from '../check.ts';

/** All that `config validate` tells, the files that it names included. */
export const valid = check(
  'args-valid',
  ({ text, problems }) => ({ isThere: text !== null, problems }),
  ({ isThere, problems }, { file, accepted }) => {
    if (!isThere) return verdict([missing(file)], '');
    const consequence = accepted === null ? 'the daemon does not start' : 'the last accepted one is in force';
    return verdict(
      problems.map(
        ({ path, message, line, column }): Complaint => ({
          severity: 'error',
          about: null,
          sentence: `${file}:${line}:${column}: ${path === '' ? '' : `${path} `}${message}; ${consequence}.`,
          fix: 'Correct it; “vaultvisor config validate” tells all that is wrong.',
        }),
      ),
      `${file} is valid.`,
    );
  },
);

const missing = (file: string): Complaint => ({
  severity: 'error',
  about: null,
  sentence: `There is no args file ${file}.`,
  fix: 'Name it (--config FILE, VAULTVISOR_CONFIG); or have vaultvisor init write a first one, or vaultvisor import one of a client that runs already.',
});
