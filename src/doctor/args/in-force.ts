import { check, skipped, verdict } from '../check.ts';

/** Whether what a person reads in the file is what the daemon goes by. */
export const inForce = check(
  'args-in-force',
  ({ text, accepted, daemon, file }) => ({
    isSame: accepted !== null && accepted.text === text,
    wasAccepted: accepted !== null,
    refusal: daemon?.refusal ?? null,
    other: daemon !== null && daemon.file !== file ? daemon.file : null,
    runs: daemon !== null,
  }),
  ({ isSame, wasAccepted, refusal, other, runs }, { file }) => {
    if (!wasAccepted && !runs) return skipped('No args file was accepted here yet.');
    const what = { about: null, fix: 'vaultvisor apply tells what keeps it from being taken up.' } as const;
    if (refusal !== null)
      return verdict([{ ...what, severity: 'error', sentence: `The present args file is refused: ${refusal}.` }], '');
    if (other !== null) {
      const sentence = `The daemon reads ${other}, and you ask about ${file}.`;
      return verdict(
        [{ about: null, severity: 'note', sentence, fix: `Say --config ${other}, if that is the one that you mean.` }],
        '',
      );
    }
    const sentence = runs
      ? 'The daemon has not taken up the present args file.'
      : 'The args file was edited since a daemon ran: the next start takes it up.';
    return verdict(
      isSame ? [] : [{ ...what, severity: runs ? 'warning' : 'note', sentence }],
      'What the file says is in force.',
    );
  },
);
