import { readFile } from 'node:fs/promises';
import { sentenceOf, VisorError } from './errors.ts';

const reference = /\{secret:(?:file:(\/[^{}\u0000]+)|env:([A-Za-z_][A-Za-z0-9_]*))\}/g;

/** Whether every `{secret:…}` in a text is `{secret:file:/absolute/path}` or `{secret:env:NAME}`. */
export const isSoundSecret = (text: string): boolean => !text.replace(reference, '').includes('{secret:');

/** The text with another in the place of each secret: to be judged or shown, while the secret itself is not read. */
export const withoutSecrets = (text: string, instead: string): string => text.replace(reference, instead);

/** The files that a text names for its secrets. */
export const secretFilesIn = (text: string): readonly string[] =>
  [...text.matchAll(reference)].flatMap(([, file]) => file ?? []);

/** A text with its secrets in it, and these alone. */
export interface Filled {
  readonly text: string;
  readonly secrets: readonly string[];
}

/**
 * Reads the secrets of a text: a file's content without the line ends behind it, or a variable of our own environment. Read at each use, so that a
 * secret that was changed counts at once.
 * @throws VisorError `config` where one is not there or empty, `permission` where its file may not be read; never with the secret
 */
export async function readSecrets(text: string): Promise<Filled> {
  const found = [...text.matchAll(reference)];
  const secrets = await Promise.all(found.map(([, file, name]) => (file === undefined ? ofEnv(name) : ofFile(file))));
  let next = 0;
  return { text: text.replace(reference, () => secrets[next++] ?? ''), secrets };
}

/** As readSecrets, the text alone. */
export const fillSecrets = async (text: string): Promise<string> => (await readSecrets(text)).text;

async function ofFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'EACCES' || cause.code === 'EPERM' ? 'permission' : 'config';
    const next = 'Write the secret into it, readable by the user of vaultvisor alone.';
    throw new VisorError(code, `The secret of ${path} cannot be read: ${sentenceOf(cause)}`, next, { cause });
  });
  return filled(text.replace(/[\r\n]+$/, ''), path);
}

const ofEnv = (name = ''): string => filled(process.env[name] ?? '', `the environment variable ${name}`);

function filled(value: string, where: string): string {
  if (value !== '') return value;
  throw new VisorError(
    'config',
    `There is no secret in ${where}`,
    'Put it there, or name another place in the args file.',
  );
}
