import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { placedClients } from '../../config/accepted-record.ts';
import { type Checksum, parseChecksum } from '../../core/release.ts';
import { VisorError } from '../../errors.ts';
import { grouped } from '../../observe/words/pieces.ts';
import { openBlobs } from '../../store/blobs.ts';
import { listStaged, stage as stageBytes, stagedFrom, unstage as unstageBytes } from '../../store/stage.ts';
import { defaultMaxBytes } from '../../store/transfer/limits.ts';
import type { Context } from '../context.ts';
import { configInForce } from '../disk/in-force.ts';
import { type Located, locate } from '../home.ts';
import { withProgress } from '../progress.ts';

interface StageOptions {
  readonly checksum?: string;
  readonly json: boolean;
}

/** Puts bytes into the store ahead of time, or lists those that were; no daemon need run. */
export async function stage([source]: string[], options: StageOptions, context: Context): Promise<number> {
  const located = await locate(context);
  if (source === undefined) return list(located, options.json, context);
  const wanted = options.checksum === undefined ? null : checksumIn(options.checksum);
  const config = configInForce(located);
  const largest = config === null ? [] : placedClients(config).map(({ client }) => client.download.maxBytes);
  const request = {
    uri: addressOf(source),
    checksum: wanted,
    maxBytes: Math.max(defaultMaxBytes, ...largest),
    allowInsecure: config?.allowInsecure ?? false,
  };
  const { store } = located.home;
  const staged = await withProgress(source, () => stageBytes(store, request, new AbortController().signal));
  if (options.json) context.json(staged);
  else
    context.say(`Staged ${staged.checksum} (${grouped(staged.bytes)} bytes). It is kept until it was run, or unstage.`);
  return 0;
}

/** Takes back a stage; the bytes go with the next sweep of the daemon, if nothing names them. */
export async function unstage([word = '']: string[], _options: object, context: Context): Promise<number> {
  const { home } = await locate(context);
  const checksum = checksumIn(word);
  if (await unstageBytes(home.store, checksum)) {
    context.say(`${checksum} is no longer staged.`);
    return 0;
  }
  throw new VisorError(
    'usage',
    `${checksum} is not staged`,
    'Nothing was changed. Say stage without a file to list what is.',
  );
}

async function list({ home: { store } }: Located, json: boolean, { say, json: sayJson }: Context): Promise<number> {
  const blobs = openBlobs(store);
  const staged = await Promise.all(
    (await listStaged(store)).map(async (checksum) => ({
      checksum,
      bytes: await lstat(blobs.path(checksum)).then(
        ({ size }) => size,
        () => null,
      ),
      from: await stagedFrom(store, checksum),
    })),
  );
  if (json) sayJson({ staged });
  else if (staged.length === 0) say('Nothing is staged.');
  else
    for (const { checksum, bytes, from } of staged)
      say(`${checksum}  ${bytes === null ? 'lost' : `${grouped(bytes)} bytes`}  ${from ?? ''}`.trimEnd());
  return 0;
}

/** What looks like no URL is a path, seen from where the person stands. */
function addressOf(source: string): string {
  if (/^(https?|file):\/\//.test(source)) return source;
  const path = resolve(source);
  if (existsSync(path)) return pathToFileURL(path).href;
  throw new VisorError('usage', `${source} is not there`, 'Name a file, or a URL (https://…).');
}

function checksumIn(text: string): Checksum {
  const checksum = parseChecksum(text);
  if (checksum !== null) return checksum;
  throw new VisorError(
    'usage',
    `${text} is no checksum`,
    'A checksum is a SHA-256: 64 hex digits, with or without 0x.',
  );
}
