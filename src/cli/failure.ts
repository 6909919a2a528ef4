import { printable, sentenceOf, VisorError } from '../errors.ts';
import { quietUrls } from '../quiet-url.ts';

/** What was thrown, as an error with a code and a next move: what the system refuses is no bug of ours. */
export function asVisorError(thrown: unknown): VisorError {
  if (thrown instanceof VisorError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  const sentence = sentenceOf(thrown);
  if (code === 'EACCES' || code === 'EPERM')
    return new VisorError('permission', sentence, 'Run this as the user of the daemon, or as root.', { cause: thrown });
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code))
    return new VisorError('io', sentence, 'Look at the disk and at the path.', { cause: thrown });
  return new VisorError('bug', sentence, 'This is a bug; please report it with this line and what you did.', {
    cause: thrown,
  });
}

/** What went wrong, then what to do next. A bug tells where it happened, too. */
export function failureText(error: VisorError): string {
  const trace =
    error.code === 'bug' && error.cause instanceof Error ? `\n${printable(quietUrls(error.cause.stack ?? ''))}` : '';
  return `vaultvisor: ${printable(quietUrls(error.message))}\n  ${printable(quietUrls(error.next))}${trace}`;
}
