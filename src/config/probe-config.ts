import { accepted } from './accepted.ts';
import { parseAddress } from './address.ts';
import { parseDuration } from './duration.ts';
import type { WholeClient } from './inherit.ts';
import type { Probe } from './settings.ts';

type ProbeFile = WholeClient['health']['probes'][number];

/** One probe of the file; the schema has seen to it that exactly one kind is there. */
export function probeConfig(file: ProbeFile): Probe {
  if (file.http !== undefined) return { kind: 'http', url: file.http };
  if (file.tcp !== undefined) return { kind: 'tcp', ...accepted(parseAddress(file.tcp), file.tcp) };
  if (file.command !== undefined) return { kind: 'command', command: file.command };
  if (file.log !== undefined) return { kind: 'log', text: file.log };
  return {
    kind: 'metric',
    url: accepted(file.metric ?? null, 'probe'),
    name: accepted(file.name ?? null, 'probe'),
    min: file.min ?? null,
    max: file.max ?? null,
    maxRise: file.maxRise ?? null,
    within: file.within === undefined ? null : accepted(parseDuration(file.within), file.within),
  };
}
