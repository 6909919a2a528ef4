import type { Defect } from '../experiment.ts';

const inCore = (words: string, file: string, from: string, to: string): Defect => ({
  words,
  rounds: 36,
  patches: [{ file: `core/${file}`, from, to }],
});

/** Each breaks one rule that the model knows; runs of the short form are enough to notice it. */
export const defects: Readonly<Record<string, Defect>> = {
  'no-way-back': inCore('a rollback leads nowhere', 'questions.js', 'i.formers.find(leads) ?? null', 'null'),
  'quarantine-forgotten': inCore(
    'a restart of the daemon forgets the quarantine',
    'hear.js',
    '...cutTimes(i, policy, now), volatile: atRest',
    '...cutTimes(i, policy, now), volatile: atRest, bars: []',
  ),
  'withdraw-stops': inCore(
    'a source that names nothing any more stops the client',
    'questions.js',
    'return slot !== null && !i.said.stopped && isUp(slot);',
    'return slot !== null && !i.said.stopped && isUp(slot) && i.chain.named !== null;',
  ),
  'hold-ignored': inCore('a hold holds nothing', 'questions.js', 'if (i.said.held !== null)', 'if (false)'),
  'pin-for-ever': inCore(
    'a pin never comes to its end',
    'hear.js',
    'return pin.over === named.checksum ? pin : null;',
    'return pin;',
  ),
};
