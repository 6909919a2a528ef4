/** A socket's address has 108 bytes, and Node 20 cuts a longer one without a word. */
const LONGEST = 107;

/** Why a path cannot be the socket of an agent; `null`: it can. */
export function socketFault(path: string): string | null {
  if (!path.startsWith('/')) return 'must be an absolute path';
  if (Buffer.byteLength(path) > LONGEST) return `must not be longer than ${LONGEST} bytes, as no socket's address is`;
  return null;
}
