import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { SettingsFile } from '../core/deployment.ts';
import { sentenceOf } from '../errors.ts';
import { readDocument } from './document.ts';
import { type Finding, type Problem, problemsOf } from './problem.ts';
import type { ClientConfig, Config } from './settings.ts';

/** A config file, not a database: migrations get it as text, on their stdin. */
const largest = 256 * 1024;

/** A config file of the operator as it is now. */
export interface ReadFile extends SettingsFile {
  readonly text: string;
}

/**
 * Reads one config file.
 * @throws what the file system says; an error in words where it is no file, too large, or no text
 */
export async function readConfigFile(path: string): Promise<ReadFile> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new Error('it is not a regular file');
    const buffer = Buffer.alloc(largest + 1);
    let length = 0;
    for (let read = 1; read > 0 && length <= largest; length += read)
      ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length, length));
    if (length > largest) throw new Error(`it is larger than ${largest / 1024} KiB`);
    const bytes = buffer.subarray(0, length);
    return { path, sha256: hash('sha256', bytes, 'hex'), text: textOf(bytes) };
  } finally {
    await file.close();
  }
}

function textOf(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // told below
  }
  throw new Error('it is no text (UTF-8)');
}

/**
 * The configuration with the hashes of the config files as they are now, and what is wrong with them. Reads them, so it stands beside
 * `parseArgsFile`, which reads nothing; takes the same text. Never throws.
 */
export async function withFiles(
  text: string,
  config: Config,
): Promise<{ readonly config: Config; readonly problems: readonly Problem[] }> {
  const findings: Finding[] = [];
  const networks = await Promise.all(
    config.networks.map(async (network) => ({
      ...network,
      clients: await Promise.all(network.clients.map((client) => readAll(client, findings))),
    })),
  );
  return { config: { ...config, networks }, problems: problemsOf(readDocument(text).document, findings) };
}

async function readAll(client: ClientConfig, findings: Finding[]): Promise<ClientConfig> {
  const files: Record<string, SettingsFile> = {};
  for (const [name, path] of Object.entries(client.files)) {
    try {
      const { sha256 } = await readConfigFile(path);
      files[name] = { path, sha256 };
    } catch (error) {
      const where = ['networks', client.network, 'clients', client.client, 'files', name];
      findings.push({ path: where, message: `must be a file that can be read: ${path}: ${sentenceOf(error)}` });
    }
  }
  return Object.keys(files).length === 0 ? client : { ...client, settings: { ...client.settings, files } };
}
