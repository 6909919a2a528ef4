import { sentenceOf, VisorError } from '../../errors.ts';

/** How much of a value is shown: enough to find it on chain, too little to flood a log. */
const SHOWN = 200;

/** Runs a decoder; what it cannot read becomes one sentence with the value, escaped. Throws a VisorError (`protocol`). */
export function decoding<T>(what: string, value: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    const next = 'What was known before stays in force; whoever publishes on this chain has to repair the value.';
    throw new VisorError('protocol', `${what} cannot be read (${sentenceOf(error)}): ${shown(value)}`, next, {
      cause: error,
    });
  }
}

function shown(hex: string): string {
  const asText = Buffer.from(hex.slice(2, 2 + 2 * SHOWN), 'hex')
    .toString('latin1')
    .replace(/[^ -~]/g, '.');
  return `${hex.slice(0, 2 + SHOWN)}${hex.length > 2 + SHOWN ? '…' : ''} ("${asText}")`;
}
