import { z } from 'zod';
import { byteCountPattern, parseByteCount } from '../byte-count.ts';
import { durationPattern, parseDuration } from '../duration.ts';
import { parseRate, ratePattern } from '../rate.ts';
import { parseSs58 } from '../ss58.ts';

/** A NUL ends a text for the kernel: what comes after it would be lost without a word. */
const withoutNul = /^[^\u0000]*$/;

const noNul = 'must not hold a NUL character';

export const text = z.string({ error: 'must be a text in double quotes' }).regex(withoutNul, { error: noNul });

export const filledText = text.min(1, { error: 'must not be empty' });

export const flag = z.boolean({ error: 'must be true or false, without quotes' });

/** Names of networks and clients: they are folders, so they can neither hide nor climb. */
export const name = patterned(
  /^[a-z0-9][a-z0-9._-]{0,62}$/,
  'must be a name of at most 63 characters: lower-case letters, digits, dot, underscore and hyphen, and a letter or digit first',
);

export const absolutePath = patterned(/^\/[^\u0000]*$/, 'must be an absolute path, such as "/var/lib/vaultvisor"');

export const workingDirectory = patterned(
  /^(\/|\{data\}(\/|$))[^\u0000]*$/,
  'must be an absolute path, or begin with {data}, the folder that vaultvisor keeps for this client',
);

/** Of the machine's users or groups (useradd(8)), or a number. */
export const userName = (kind: 'user' | 'group'): z.ZodString =>
  patterned(
    /^([a-zA-Z_][a-zA-Z0-9_.@-]{0,63}\$?|\d{1,10})$/,
    `must be the name or the number of a ${kind} of this machine, such as "kintsugi-vault"`,
  );

export const variable = patterned(/^[^=\u0000]+$/, 'must be the name of an environment variable, without "="');

export const genesis = patterned(/^0x[0-9a-fA-F]{64}$/, 'must be the hash of the block 0: 0x and 64 hex digits');

const accountError = 'must be an account as SS58 writes it, such as "5GrwvaEF…": a digit may be wrong';

export const account = patterned(/^[1-9A-HJ-NP-Za-km-z]{46,50}$/, accountError).refine(
  (said) => parseSs58(said) !== null,
  { error: accountError },
);

export const signal = z.enum(['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'], {
  error:
    'must be one of SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGUSR1 and SIGUSR2 (SIGKILL follows by itself after "grace")',
});

/** An integer from `least` up. */
export function count(least: number): z.ZodNumber {
  const error = `must be a whole number, ${least} or more`;
  return z.number({ error }).int({ error }).min(least, { error });
}

export const exitCode = count(0).max(255, { error: 'must be an exit code, 0 to 255' });

export const number = z.number({ error: 'must be a number' });

/** A time of at least `least` milliseconds. */
export function duration(least = 1): z.ZodString {
  const error = `must be a time of ${least}ms or more: a whole number and ms, s, m, h or d, such as "90s"`;
  return patterned(durationPattern, error).refine((said) => inRange(parseDuration(said), least), { error });
}

export const grace = z
  .string({ error: graceError() })
  .regex(/^(infinite|\d+(ms|s|m|h|d))$/, { error: graceError() })
  .refine((said) => said === 'infinite' || inRange(parseDuration(said), 1), { error: graceError() });

function graceError(): string {
  return 'must be a time such as "60s" (a whole number and ms, s, m, h or d), or "infinite"';
}

export const rate = patterned(ratePattern, rateError()).refine((said) => parseRate(said) !== null, {
  error: rateError(),
});

function rateError(): string {
  return 'must be a number of restarts in a second, minute, hour or day, such as "3/h"';
}

const byteCountError = 'must be a number of bytes, 1 or more, or a text such as "512MiB"';

export const byteCount = z
  .union(
    [z.int({ error: byteCountError }).min(1, { error: byteCountError }), patterned(byteCountPattern, byteCountError)],
    {
      error: byteCountError,
    },
  )
  .refine((said) => parseByteCount(said) !== null, { error: byteCountError });

/** A text of one form; whatever is wrong with it is told in one sentence. */
export function patterned(pattern: RegExp, error: string): z.ZodString {
  return z.string({ error }).regex(pattern, { error });
}

const inRange = (millis: number | null, least: number): boolean => millis !== null && millis >= least;
