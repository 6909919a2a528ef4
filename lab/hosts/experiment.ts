import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sentenceOf } from '../../src/errors.ts';
import type { Experiment, Options, Result } from '../experiment.ts';
import { defects } from '../soak/defects.ts';
import { createRandom, type Random } from '../support/random.ts';
import { noNamespace, startInShared, startUnderTini } from './bare/namespace.ts';
import { noDocker, startDocker } from './docker/host.ts';
import type { Host, Obstacle } from './host.ts';
import { startKubernetes } from './kubernetes/host.ts';
import { noKubernetes } from './kubernetes/programs.ts';
import { end, type Moment, type Played, play } from './play.ts';
import { report } from './report.ts';
import { fresh } from './right-end.ts';
import { bootSystemd, noSystemd } from './systemd/host.ts';

/** A host that may be had here. */
interface Kind {
  readonly words: string;
  /** What a test can afford. */
  readonly short: boolean;
  /** Whether a client may outlive vaultvisor there, which is all that 0 rounds try. */
  readonly outlives: boolean;
  obstacle(): Promise<Obstacle>;
  start(folder: string, options: Options): Promise<Host>;
}

const kinds: readonly Kind[] = [
  {
    words: 'tini',
    short: true,
    outlives: false,
    obstacle: noNamespace,
    start: (folder, { program }) => startUnderTini(folder, program),
  },
  {
    words: 'shared',
    short: true,
    outlives: true,
    obstacle: noNamespace,
    start: (folder, { program }) => startInShared(folder, program),
  },
  {
    words: 'systemd',
    short: false,
    outlives: true,
    obstacle: noSystemd,
    start: (folder, { program, say }) => bootSystemd(folder, program, say),
  },
  {
    words: 'docker',
    short: false,
    outlives: false,
    obstacle: noDocker,
    start: (folder, { program, say }) => startDocker(folder, program, say),
  },
  {
    words: 'kubernetes',
    short: false,
    outlives: false,
    obstacle: noKubernetes,
    start: (folder, { say }) => startKubernetes(folder, say),
  },
];

const ROUNDS = { full: 3, short: 1 };

export const hosts: Experiment = {
  name: 'hosts',
  promise:
    'Whatever a host does to the supervisor (kill, restart, stop, reboot, power cut, out of memory), no two clients of an account live at one time, and the wanted release or the former one serves again.',
  defects: {
    'no-lock': {
      ...(defects['no-lock'] ?? { words: '', patches: [] }),
      size: 'full',
      rounds: 0,
    },
  },
  obstacle: noNamespace,
  run,
};

async function run(options: Options): Promise<Result> {
  const played: Played[] = [];
  const left: string[] = [];
  const random = createRandom(options.seed);
  const isTried = ({ short, outlives }: Kind): boolean =>
    (short || options.size === 'full') && (outlives || options.rounds !== 0);
  for (const kind of kinds.filter(isTried)) {
    const obstacle = await kind.obstacle();
    if (obstacle !== null) left.push(`${kind.words}: ${obstacle}`);
    else {
      const tried = await tryKind(kind, options, random);
      played.push(...tried.played);
      left.push(...tried.left);
    }
  }
  return report(played, left);
}

interface Tried {
  readonly played: readonly Played[];
  readonly left: readonly string[];
}

async function tryKind(kind: Kind, options: Options, random: Random): Promise<Tried> {
  const folder = join(options.folder, kind.words);
  await mkdir(folder, { mode: 0o755 });
  options.say(`${kind.words} is started`);
  let host: Host | null = null;
  try {
    host = await kind.start(folder, options);
    return { played: await tryHost(host, options, random), left: host.left ?? [] };
  } catch (thrown) {
    const words = `${host?.words ?? kind.words}: ${sentenceOf(thrown)}`;
    return {
      played: [{ host: host?.words ?? kind.words, words, took: 0, violations: [words], details: '' }],
      left: [],
    };
  } finally {
    await host?.close();
  }
}

/** 0 rounds: only where a client outlives vaultvisor. */
async function tryHost(host: Host, { size, rounds, say, signal }: Options, random: Random): Promise<readonly Played[]> {
  const wanted = rounds ?? ROUNDS[size];
  const isTried = ({ outlives = false }: { outlives?: boolean }): boolean => wanted > 0 || outlives;
  const played: Played[] = [];
  const tell = (one: Played): void => {
    played.push(one);
    const held = one.took > 0 ? `serves again after ${(one.took / 1_000).toFixed(1)} s` : 'held';
    say(`${one.words}: ${one.violations.length === 0 ? held : `BROKEN\n${one.details}`}`);
  };
  let served = await fresh(host.stage);
  for (const moment of momentsOf(size, wanted))
    for (const act of host.acts.filter(isTried)) {
      if (signal.aborted) return played;
      const one = await play(host, act, moment, served, random);
      served = one.served;
      tell(one);
      if (one.violations.length > 0) return played; // what follows would tell of the same
    }
  for (const { words, run } of host.scenarios.filter(isTried)) {
    if (signal.aborted) return played;
    const all = `${host.words}: ${words}`;
    const wrong = await run().catch((thrown: unknown) => [sentenceOf(thrown)]);
    const details = wrong.length === 0 ? '' : await end(host);
    tell({ host: host.words, words: all, took: 0, violations: wrong.map((one) => `${all}: ${one}`), details });
    if (wrong.length > 0) return played;
  }
  return played;
}

/** Acts come one after another at the same moment: an engine waits ever longer before it restarts what ends again and again. */
function momentsOf(size: Options['size'], rounds: number): readonly Moment[] {
  const somewhere = Array.from({ length: Math.max(1, rounds) }, () => 'somewhere in an update' as const);
  const more: readonly Moment[] = size === 'full' ? ['on probation', 'somewhere in an update to a bad release'] : [];
  return ['while it serves', ...somewhere, ...more];
}
