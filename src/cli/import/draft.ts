import { basename, dirname, join, resolve } from 'node:path';
import { knownByEndpoint, knownNetworks, nameOnChain } from '../../config/known-networks.ts';
import type { PresetName } from '../../config/presets/names.ts';
import { redactArgs, redactValue } from '../../config/redact.ts';
import { quietUrls } from '../../quiet-url.ts';
import { isMadeUp } from '../../users.ts';
import { formatMillis } from '../draft/format-millis.ts';
import { isOpen } from '../draft/is-open.ts';
import { type Draft, jsonc, noted } from '../draft/jsonc.ts';
import { endpointOf, presetOf, runnerIn } from './client-line.ts';
import { type NamedSecret, nameSecrets } from './name-secrets.ts';
import { madeUpRemark } from './remarks.ts';
import type { Running } from './running.ts';

export interface DraftOptions {
  readonly home: string;
  /** `NETWORK/CLIENT`, where the operator says how they are to be called. */
  readonly place: { readonly network: string; readonly client: string } | null;
  readonly today: string;
  /** The args file that it is to be: the files of its secrets lie beside it. */
  readonly file: string;
  /** For a screen: what cannot be named in place of being written is hidden. */
  readonly isShown: boolean;
}

export interface Drafted {
  readonly text: string;
  readonly network: string;
  readonly client: string;
  readonly remarks: readonly string[];
  readonly secrets: readonly NamedSecret[];
}

/** The args file that keeps a client running as it runs today: same program, arguments, working directory and environment. */
export function draftOf(running: Running, { home, place, today, file, isShown }: DraftOptions): Drafted {
  const runner = running.runner === null ? null : (runnerIn(running.runner)?.line ?? null);
  const preset = presetOf(running.words, running.env, runner?.clientType ?? null);
  const told = endpointOf(running.words, running.env);
  const endpoint = runner?.parachainWs ?? told;
  const known = endpoint === null ? knownByProgram(running.program ?? '') : knownByEndpoint(endpoint);
  const network = place?.network ?? known?.name ?? 'network';
  const client = place?.client ?? (preset === null ? 'client' : nameOnChain(preset));
  const read = endpoint ?? known?.endpoint ?? null;
  const user = lasting(running);
  const start = { args: withEndpoint(running.words.slice(1), read), env: running.env };
  const named = nameSecrets(start, join(dirname(file), `${network}-${client}.secrets`));
  const args = isShown ? redactArgs(named.args) : named.args;
  const env = isShown ? (redactValue(named.env) as typeof named.env) : named.env;
  const clientDraft = {
    ...(preset !== null && { preset: noted('What suits this client; docs/clients.md says what, and why.', preset) }),
    release: noted(releaseNote(runner !== null), {
      source: 'clients-info',
      client: nameOf(preset, runner?.clientType),
    }),
    args: noted('As it was started until now.', args),
    ...(Object.keys(env).length > 0 && { env }),
    cwd: noted('Where it has worked until now: its journal and its database are there.', running.cwd),
    ...(running.program !== null && {
      start: noted('It runs on with this until it was healthy here; then what the chain names is fetched.', {
        initial: `file://${resolve(running.cwd, running.program)}`,
      }),
    }),
    ...(user !== null && {
      user: noted('Its files belong to this user: below vaultvisor it runs as the same.', user),
    }),
    ...stopOf(running),
  };
  const draft = {
    home: noted(
      'Everything that vaultvisor keeps: releases, state, logs. On a local disk that allows programs to be run.',
      home,
    ),
    networks: {
      [network]: {
        ...(read !== null && {
          endpoints: noted('Where the chain is read from, tried in turn; {endpoint} is the first.', [
            isShown ? quietUrls(read) : read,
          ]),
        }),
        ...(known?.genesis && {
          genesis: noted('The hash of block 0: a node of another chain is refused.', known.genesis),
        }),
        clients: { [client]: clientDraft },
      },
    },
    http: noted('/metrics, /livez and /readyz for this machine alone.', { listen: freeListen(running.words) }),
    ...(read !== null &&
      isOpen(read) && {
        allowInsecure: noted('Its node is beyond this machine, and spoken to in the open (ws:).', true),
      }),
  } satisfies Draft;
  const head = `// Written by vaultvisor import from ${running.what}, ${today}. Read it before you use it.\n`;
  return {
    text: `${head}${jsonc(draft)}\n`,
    network,
    client,
    secrets: named.secrets,
    remarks: remarksOf(running, { preset, read, told, known: known !== null, place, user }),
  };
}

/** One without a name (of a container) or of a unit's making cannot be looked up again; root is nobody to write down without being asked. */
const lasting = ({ user }: Running): string | null =>
  user === null || user.uid === 0 || user.name === String(user.uid) || isMadeUp(user.uid) ? null : user.name;

const releaseNote = (isRunner: boolean): string =>
  isRunner
    ? 'Where the old runner read it, too.'
    : 'The pallet ClientsInfo names its releases. Of another chain: write where (docs/configuration.md).';

const nameOf = (preset: PresetName | null, clientType: string | undefined): string =>
  clientType ?? (preset === null ? 'vault' : nameOnChain(preset));

/** What it is told of the node stays true when the first endpoint is changed. */
const withEndpoint = (args: readonly string[], endpoint: string | null): readonly string[] =>
  endpoint === null
    ? args
    : args.map((arg) =>
        arg === endpoint
          ? '{endpoint}'
          : arg.replace(new RegExp(`^(--[a-z-]*url=)${escaped(endpoint)}$`), '$1{endpoint}'),
      );

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function stopOf({ signal, grace }: Running): { stop?: Draft } {
  if (signal === null && grace === null) return {};
  return {
    stop: noted('As its host stopped it.', {
      ...(signal !== null && { signal }),
      ...(grace !== null && { grace: formatMillis(grace) }),
    }),
  };
}

/** A vault of Spacewalk has the port that we would take. */
const freeListen = (words: readonly string[]): string => {
  const taken = words.join(' ').includes('9616') || words.some((word) => word.startsWith('--spacewalk'));
  return `127.0.0.1:${taken ? 9617 : 9616}`;
};

/** Releases are called `vault-parachain-metadata-kintsugi`. */
const knownByProgram = (program: string) =>
  knownNetworks.findLast(
    ({ name }) => basename(program).endsWith(`-${name.replace(/^testnet-/, '')}`) && !name.startsWith('testnet-'),
  ) ?? null;

interface Judged {
  readonly preset: PresetName | null;
  readonly read: string | null;
  readonly told: string | null;
  readonly known: boolean;
  readonly place: object | null;
  readonly user: string | null;
}

const remarksOf = (running: Running, { preset, read, told, known, place, user }: Judged): readonly string[] => [
  ...running.remarks,
  ...(preset === null
    ? ['This is no client that we know: no preset suits it, so read docs/configuration.md on stop and health.']
    : []),
  ...(read === null ? ['Nothing says which node it speaks to: write "endpoints" of the network.'] : []),
  ...(read !== null && quietUrls(read) !== read
    ? [
        'The address of the node has a secret in it, and "endpoints" can name none: it stands in the file, which is for its owner alone.',
      ]
    : []),
  ...(read !== null && told !== null && told !== read
    ? [quietUrls(`It speaks to ${told}, and releases were read from ${read}: both are kept.`)]
    : []),
  ...(known || place !== null
    ? []
    : ['The network is none that we know: call it as you like with --as NETWORK/CLIENT, and write its genesis.']),
  ...(running.program === null
    ? ['start.initial is missing: without it the first start waits for what the chain names.']
    : []),
  ...(running.user === null
    ? []
    : [
        user !== null
          ? `It runs as ${user}, and will ("user"): for that vaultvisor has to be ${user} itself, or root.`
          : isMadeUp(running.user.uid)
            ? madeUpRemark
            : `It runs as ${running.user.name}: vaultvisor has to run as the same user, or its files belong to another.`,
      ]),
];
