import { list, record } from './record.ts';
import { duration, filledText } from './text.ts';

const command = list(filledText, 'must be a list of texts: the program by its absolute path, and its arguments').min(
  1,
  {
    error: 'must name a program by its absolute path',
  },
);

/** A tool that has its say on downloaded bytes. */
export const verify = record({
  command: command
    .refine(([program]) => program === undefined || program.startsWith('/'), {
      error: 'must begin with an absolute path, such as "/usr/local/bin/check-signature"',
    })
    .meta({
      description:
        'Must exit 0 for the bytes of a release or migration; {path} {checksum} {uri} {version} are filled in.',
    }),
  timeout: duration().optional().meta({ description: 'How long it may take; 1m if nothing is said.' }),
});
