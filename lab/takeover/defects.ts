import type { Defect } from '../experiment.ts';

const anyParent = {
  file: 'process/who/family.js',
  from: 'const isOthers = (entry) => {',
  to: 'const isOthers = (entry) => {\n        return false;',
};

export const defects: Readonly<Record<string, Defect>> = {
  'no-look': {
    words: 'nobody looks for clients that vaultvisor did not start',
    patches: [
      {
        file: 'daemon/instance/strangers.js',
        from: 'if (areHere(await look(guard, cell, scope), cell))',
        to: 'if (false)',
      },
    ],
  },
  'no-owner': {
    words: 'a daemon takes over clients that another living one manages, and does not look who their parent is',
    patches: [
      anyParent,
      {
        file: 'process/owner.js',
        from: 'if (lock !== null)',
        to: `if (lock === null)
        return { owned: true, lock: { path, fd: -1, file: { dev: 0n, ino: 0n }, release() { } } };
    if (lock !== null)`,
      },
    ],
  },
  'any-parent': {
    words: 'whoever is on record or has the mark is taken for an orphan, be its supervisor alive or not',
    patches: [anyParent],
  },
  'no-exclusive': {
    words: 'the locks that clients of several networks share are not taken',
    patches: [{ file: 'daemon/instance/identity.js', from: '...exclusive.map(exclusiveName)', to: '' }],
  },
  'by-path': {
    words: 'a key file is known by its path',
    patches: [
      { file: 'config/identity.js', from: "hash('sha256', content, 'hex')", to: "hash('sha256', path, 'hex')" },
    ],
  },
};
