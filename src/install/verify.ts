import type { Millis } from '../core/release.ts';
import { printable, VisorError } from '../errors.ts';
import { withWords } from './durable.ts';
import { howItEnded, lastWords, runOnce } from './run-once.ts';

/** Bytes on which a tool of the operator has its say. */
export interface VerifyRequest {
  /** The first word is an absolute path; `{path}`, `{checksum}`, `{uri}` and `{version}` are filled in, and without `{path}` the path is the last word. */
  readonly command: readonly string[];
  readonly timeout: Millis;
  readonly what: 'release' | 'migration';
  /** Where the bytes lie, which have this checksum. */
  readonly path: string;
  readonly checksum: string;
  readonly uri: string | null;
  readonly version: string | null;
  /** The tool's environment: it may need its home, its keys, its agent. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Has an outside tool (cosign, gpg, minisign) judge the bytes.
 * @throws VisorError `protocol` with its last line, where it does not end with 0 in time
 */
export async function verifyBytes(request: VerifyRequest, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { path, checksum, timeout, what } = request;
  const [uri, version] = [request.uri ?? '', request.version ?? ''];
  const told = { PATH: path, CHECKSUM: checksum, URI: uri, VERSION: version, KIND: what };
  const env = Object.fromEntries(Object.entries(told).map(([name, value]) => [`VAULTVISOR_${name}`, value]));
  const words = wordsOf(request.command, { path, checksum, uri, version });
  const ending = await runOnce({ words, cwd: '/', env: { ...request.env, ...env }, limit: timeout }, signal).catch(
    (thrown: unknown) => {
      throw withWords('The verify command cannot be run (it needs `timeout` of coreutils)', thrown);
    },
  );
  signal.throwIfAborted();
  if (ending.code === 0 && !ending.isLate) return;
  throw new VisorError(
    'protocol',
    `The verify command ${printable(request.command[0] ?? '')} refused the ${what} ${checksum}: it ${howItEnded(ending, timeout)}. ${lastWords(ending)}`,
    'Nothing of it is run, and it is asked again. See whether the bytes are what their publisher signed, then the command itself ("verify" of the client).',
  );
}

function wordsOf(command: readonly string[], values: Readonly<Record<string, string>>): readonly string[] {
  const words = command.map((word) =>
    word.replace(/\{(path|checksum|uri|version)\}/g, (whole, name: string) => values[name] ?? whole),
  );
  return command.some((word) => word.includes('{path}')) ? words : [...words, values['path'] ?? ''];
}
