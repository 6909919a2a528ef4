import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { sentenceOf, systemCode, VisorError } from './errors.ts';

const reference = /\{secret:(?:file:(\/[^{}\u0000]+)|env:([A-Za-z_][A-Za-z0-9_]*))\}/g;

/** Whether every `{secret:…}` in a text is `{secret:file:/absolute/path}` or `{secret:env:NAME}`. */
export const isSoundSecret = (text: string): boolean => !text.replace(reference, '').includes('{secret:');

/** The text with another in the place of each secret: to be judged or shown, while the secret itself is not read. */
export const withoutSecrets = (text: string, instead: string): string => text.replace(reference, instead);

/** The files that a text names for its secrets. */
export const secretFilesIn = (text: string): readonly string[] =>
  [...text.matchAll(reference)].flatMap(([, file]) => file ?? []);

/** Each `{secret:…}` of a text, as it stands there. */
export const referencesIn = (text: string): readonly string[] => text.match(reference) ?? [];

/** A text with its secrets in it, and these alone. */
export interface Filled {
  readonly text: string;
  readonly secrets: readonly string[];
}

/**
 * Reads the secrets of a text: a file's content without the line ends behind it, or a variable of our own environment. Read at each use, so that a
 * secret that was changed counts at once.
 * @throws VisorError `config` where one is not there, empty or nothing that a client can be given, `permission` where its file may not be read; never with the secret
 */
export async function readSecrets(text: string): Promise<Filled> {
  const found = [...text.matchAll(reference)];
  const read = async ([, file, name]: readonly string[]) => (file === undefined ? ofEnv(name) : ofFile(file));
  const secrets = await Promise.all(found.map(read));
  let next = 0;
  return { text: text.replace(reference, () => secrets[next++] ?? ''), secrets };
}

/** As readSecrets, the text alone. */
export const fillSecrets = async (text: string): Promise<string> => (await readSecrets(text)).text;

async function ofFile(path: string): Promise<string> {
  const text = await contentOf(path).catch((cause: unknown) => {
    if (cause instanceof VisorError) throw cause;
    const code = ['EACCES', 'EPERM'].includes(systemCode(cause) ?? '') ? 'permission' : 'config';
    const next = 'Write the secret into it, readable by the user of vaultvisor alone.';
    throw new VisorError(code, `The secret of ${path} cannot be read: ${sentenceOf(cause)}`, next, { cause });
  });
  return filled(text.replace(/[\r\n]+$/, ''), path);
}

/** Bytes. Linux gives no process a longer argument or variable (MAX_ARG_STRLEN of execve(2)). */
const LONGEST = 128 * 1024;

/** A pipe without a writer would keep who opens it for ever, and a device may never end. */
async function contentOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw unfit(path, 'is no regular file');
    if (found.size > LONGEST) throw unfit(path, `is longer than ${LONGEST} bytes`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

const ofEnv = (name = ''): string => filled(process.env[name] ?? '', `the environment variable ${name}`);

function filled(value: string, where: string): string {
  // Node repeats the whole text when it refuses to start with one
  if (value.includes('\0')) throw unfit(where, 'has a NUL byte in it, as text in UTF-16 has');
  if (value !== '') return value;
  throw new VisorError(
    'config',
    `There is no secret in ${where}`,
    'Put it there, or name another place in the args file.',
  );
}

const unfit = (where: string, why: string): VisorError =>
  new VisorError(
    'config',
    `No secret can be read from ${where}: it ${why}`,
    'Write the secret into a file of its own, as plain text (UTF-8).',
  );
