import type { Millis } from '../core/release.ts';
import { sentenceOf } from '../errors.ts';
import { commandLimit, probeCommand } from './kinds/command.ts';
import { probeHttp } from './kinds/http.ts';
import { probeLog } from './kinds/log.ts';
import { probeMetric } from './kinds/metric.ts';
import type { Rises } from './kinds/rises.ts';
import { probeTcp } from './kinds/tcp.ts';
import { failed, type Living, type Outcome, type Probe } from './probe.ts';
import { nameOf } from './reasons.ts';

/** How long a server may take over its whole answer. */
const answerLimit: Millis = 5_000;

/** One start of the child, and what the probes remember of it from round to round. */
export interface Life {
  readonly living: Living;
  readonly rises: ReadonlyMap<Probe, Rises>;
}

/** Where commands run, and the clock that everything is measured on. */
export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly as: readonly string[];
  readonly now: () => number;
}

/** Asks every probe once, all at the same time; the outcomes in the order of the probes. Rejects only when `signal` aborts. */
export async function askAll(
  probes: readonly Probe[],
  life: Life,
  place: Place,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const settled = await Promise.allSettled(probes.map((probe) => ask(probe, life, place, signal)));
  signal.throwIfAborted();
  return settled.map((one, index) => (one.status === 'fulfilled' ? one.value : broken(probes[index]!, one.reason)));
}

/** The longest that a round of these probes takes. */
export function longestRound(probes: readonly Probe[]): Millis {
  return Math.max(0, ...probes.map(limitOf));
}

/** A probe that throws has not passed; nothing that a child or a server does may end the watch. */
function broken(probe: Probe, thrown: unknown): Outcome {
  return failed(`${nameOf(probe)} could not be asked: ${sentenceOf(thrown)}`);
}

async function ask(probe: Probe, life: Life, place: Place, signal: AbortSignal): Promise<Outcome> {
  const { living } = life;
  switch (probe.kind) {
    case 'http':
      return probeHttp(probe.url, living.pid, answerLimit, signal);
    case 'tcp':
      return probeTcp(probe.host, probe.port, living.pid, answerLimit, signal);
    case 'command':
      return probeCommand(probe.command, place, commandLimit, signal);
    case 'log':
      return probeLog(probe.text, living);
    case 'metric':
      return probeMetric(
        probe,
        { pid: living.pid, rises: life.rises.get(probe)!, now: place.now },
        answerLimit,
        signal,
      );
  }
}

function limitOf(probe: Probe): Millis {
  switch (probe.kind) {
    case 'http':
    case 'tcp':
    case 'metric':
      return answerLimit;
    case 'command':
      return commandLimit;
    case 'log':
      return 0;
  }
}
