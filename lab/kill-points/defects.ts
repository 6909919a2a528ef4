import type { Defect } from '../experiment.ts';

/** Each breaks one of the means by which a death is survived. */
export const defects: Readonly<Record<string, Defect>> = {
  'state in place': {
    words: 'records are written in place, not beside and renamed',
    patches: [
      {
        file: 'store/atomic-write.js',
        from: 'const temporary = temporaryBeside(path);',
        to: 'const temporary = path;',
      },
      { file: 'store/atomic-write.js', from: "await open(path, 'wx', mode)", to: "await open(path, 'w', mode)" },
    ],
  },
  'act before save': {
    words: 'tasks begin before the state that calls for them is saved',
    patches: [
      {
        file: 'daemon/controller.js',
        from: 'const error = await save(before, after);',
        to: 'on.want(tasks(after, on.policy())); await new Promise((go) => setTimeout(go, 25)); const error = await save(before, after);',
      },
    ],
  },
  'half migrated data': {
    words: 'a migration that was cut short is begun again on the data as it left them',
    patches: [{ file: 'daemon/data/migrate.js', from: 'if (!isBegun)', to: 'if (true)' }],
  },
  'no proof after a restart': {
    words: 'the program of a deployment is taken as it lies, without hashing it again',
    patches: [
      {
        file: 'install/laid.js',
        from: 'if (hashed === null || hashed.sha256 !== record.sha256)',
        to: 'if (hashed === null)',
      },
    ],
  },
};
