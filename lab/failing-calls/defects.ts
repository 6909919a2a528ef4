import type { Defect } from '../experiment.ts';

/** Each breaks one of the means by which a fault is outlived. */
export const defects: Readonly<Record<string, Defect>> = {
  'error swallowed': {
    words: 'a state that could not be saved counts as saved',
    patches: [{ file: 'daemon/controller.js', from: 'return isSaved ? null : error;', to: 'return null;' }],
    rounds: 40,
  },
  'no way around the log': {
    words: 'a client whose log cannot be opened is not started',
    patches: [{ file: 'process/output.js', from: "return openSync('/dev/null', 'a');", to: 'throw thrown;' }],
    rounds: 120,
  },
  'rejection that nobody catches': {
    words: 'a history that cannot be written rejects',
    patches: [{ file: 'store/history.js', from: '.catch(() => false)', to: '' }],
    rounds: 40,
  },
};
