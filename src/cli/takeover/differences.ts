import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ClientConfig } from '../../config/settings.ts';
import type { InstanceStatus } from '../../core/instance-status.ts';
import { sentenceOf } from '../../errors.ts';
import { fillSecrets } from '../../secrets.ts';
import { isMadeUp, nameOfUser } from '../../users.ts';
import type { Live } from '../import/live.ts';

export interface Wanted {
  readonly config: ClientConfig;
  readonly status: InstanceStatus;
  /** Whom it would run as. */
  readonly uid: number;
}

export interface Differences {
  /** Why the client would not be what it was: each stands in the way of a takeover. */
  readonly grave: readonly string[];
  /** What an operator may have meant. */
  readonly told: readonly string[];
}

/** How the client that vaultvisor would start differs from the one that runs. */
export async function differencesOf(live: Live, { config, status, uid }: Wanted): Promise<Differences> {
  const running = await checksumOf(live);
  const wanted = status.next?.state === 'probation' ? status.next : status.current;
  const grave = [
    ...(wanted === null || wanted.checksum === running ? [] : [programWords(live, wanted.checksum, running)]),
    ...(wanted === null ? [`vaultvisor has no release yet to go on with. ${initialWords(live)}`] : []),
    ...(config.settings.cwd === live.cwd
      ? []
      : [
          `it works in ${live.cwd}, and would work in ${config.settings.cwd}: its journal and its database would not be found. Write "cwd": ${JSON.stringify(live.cwd)}`,
        ]),
    ...(uid === live.uid ? [] : [await userWords(live.uid, uid)]),
  ];
  return { grave, told: await argsWords(live, config) };
}

async function userWords(now: number, then: number): Promise<string> {
  const [is, would] = [await nameOfUser(now), await nameOfUser(then)];
  const differs = `it runs as ${is}, and would run as ${would}`;
  if (isMadeUp(now))
    return `${differs}: ${is} is made up by its unit (DynamicUser), and gone with it. Give its files to ${would} while nothing runs`;
  return `${differs}: write "user": ${JSON.stringify(is)}, run vaultvisor as ${is}, or give its files to ${would}`;
}

const initialWords = ({ program }: Live): string => `Write "start": { "initial": "file://${program}" }`;

const programWords = (live: Live, wanted: string, running: string): string =>
  `it runs ${basename(live.program)} (${running.slice(0, 10)}…), and vaultvisor would start ${wanted.slice(0, 10)}…. ${initialWords(live)}`;

/** What is executed, were it removed since: by the descriptor that the kernel has of it. */
async function checksumOf({ pid, program, words }: Live): Promise<string> {
  const isScript = program !== '' && words[0] !== undefined && /^#!/.test(headOf(program));
  const hash = createHash('sha256');
  await pipeline(createReadStream(isScript ? program : `/proc/${pid}/exe`), hash);
  return `0x${hash.digest('hex')}`;
}

function headOf(path: string): string {
  try {
    return readFileSync(path).toString('latin1', 0, 2);
  } catch {
    return '';
  }
}

/** By flags alone: values may be secrets. */
async function argsWords({ words: [, ...now] }: Live, { settings }: ClientConfig): Promise<readonly string[]> {
  const args = await Promise.all(settings.args.map(fillSecrets)).catch(sentenceOf);
  if (typeof args === 'string') return [`its arguments were not compared: ${args}`];
  const isSame = now.length === args.length && now.every((word, at) => word === args[at]);
  if (isSame) return [];
  const flags = (list: readonly string[]) =>
    list.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '');
  const [more, less] = [
    flags(args).filter((one) => !flags(now).includes(one)),
    flags(now).filter((one) => !flags(args).includes(one)),
  ];
  return [
    [
      'its arguments will be others than now',
      ...(more.length > 0 ? [`${more.join(', ')} is added`] : []),
      ...(less.length > 0 ? [`${less.join(', ')} is left out`] : []),
    ].join('; '),
  ];
}
