import type { Defect } from '../experiment.ts';

/**
 * One means taken out alone breaks nothing: who has no lock is ended, and found by its mark; who is not asked by its lock is asked by its
 * record. So each of these takes out all that would still hold.
 */
export const defects: Readonly<Record<string, Defect>> = {
  'no-lock': {
    words: 'the client inherits no lock, nobody looks whether it has one, and nobody looks for its mark',
    patches: [
      { file: 'process/start/spawn.js', from: ', ...locks.map(({ fd }) => fd)', to: '' },
      { file: 'process/locks/lock-check.js', from: 'LOOKS.entries()', to: '[].entries()' },
      { file: 'process/who/family.js', from: 'members: kin.filter(', to: 'members: kin.slice(0, 0).filter(' },
    ],
  },
  'no-waiting': {
    rounds: 60,
    words:
      'an orphan is asked to leave, but not waited for: its successor gets another lock, and nobody looks at either',
    patches: [
      {
        file: 'process/clear.js',
        from: 'await untilChanged(request.identity, refused[0], patience, signal);',
        to: `const other = await takeAll(paths.map((path) => \`\${path}.\${process.pid}\`), request.identity);
        return other.locks.map((lock, n) => ({ ...lock, path: paths[n] }));`,
      },
      { file: 'process/locks/lock-check.js', from: 'LOOKS.entries()', to: '[].entries()' },
      {
        file: 'daemon/instance/strangers.js',
        from: 'if (areHere(await look(guard, cell, scope), cell))',
        to: 'if (false)',
      },
    ],
  },
  'no-owner': {
    rounds: 40,
    words: 'a daemon takes over clients that another living one manages, and does not look who their parent is',
    patches: [
      { file: 'process/who/family.js', from: 'members: kin.filter((entry) => !isOthers(entry))', to: 'members: kin' },
      { file: 'process/who/family.js', from: 'others: kin.filter(isOthers)', to: 'others: []' },
      {
        file: 'process/owner.js',
        from: 'if (lock !== null)',
        to: `if (lock === null)
        return { owned: true, lock: { path, fd: -1, file: { dev: 0n, ino: 0n }, release() { } } };
    if (lock !== null)`,
      },
    ],
  },
};
