import type { z } from 'zod';
import { metricName } from './metric-name.ts';
import { list, record } from './record.ts';
import { duration, filledText, number } from './text.ts';
import { dialAddress, webUrl } from './url.ts';

const kinds = ['http', 'tcp', 'command', 'log', 'metric'] as const;
const limits = ['min', 'max', 'maxRise'] as const;
const ofMetric = ['name', ...limits, 'within'] as const;

const command = list(filledText, 'must be a list of texts: the program and its arguments').min(1, {
  error: 'must name a program',
});

const members = record({
  http: webUrl.optional().meta({ description: 'A URL that must answer 2xx.' }),
  tcp: dialAddress.optional().meta({ description: 'An address that must accept a connection.' }),
  command: command.optional().meta({ description: 'A command that must exit 0.' }),
  log: filledText.optional().meta({ description: 'A text that a line of this start must contain.' }),
  metric: webUrl.optional().meta({ description: 'A Prometheus page; "name" is the metric, summed over its labels.' }),
  name: metricName.optional().meta({ description: 'The metric; braces name which of its series are summed.' }),
  min: number.optional().meta({ description: 'The metric must not be below.' }),
  max: number.optional().meta({ description: 'The metric must not be above.' }),
  maxRise: number.min(0, { error: 'must be 0 or more' }).optional().meta({
    description: 'The metric must not rise by more than this within "within".',
  }),
  within: duration().optional(),
});

type Members = z.output<typeof members>;

/** One probe of one kind. What spans several keys is also said in JSON Schema, for editors. */
export const probe = members
  .superRefine((said, context) => {
    for (const { path, message } of faultsOf(said)) context.addIssue({ code: 'custom', path: [...path], message });
  })
  .meta({
    oneOf: kinds.map((kind) => (kind === 'metric' ? aMetric() : { ...objectWith(kind), maxProperties: 1 })),
  });

function aMetric() {
  return { ...objectWith('metric', 'name'), anyOf: limits.map((limit) => objectWith(limit)) };
}

function objectWith(...keys: readonly string[]) {
  return { type: 'object', properties: Object.fromEntries(keys.map((key) => [key, {}])), required: keys };
}

interface Fault {
  readonly path: readonly string[];
  readonly message: string;
}

function faultsOf(probe: Members): readonly Fault[] {
  const said = kinds.filter((kind) => probe[kind] !== undefined);
  if (said.length !== 1) return [{ path: [], message: `must have exactly one of ${kinds.join(', ')}` }];
  if (probe.metric !== undefined) return metricFaults(probe);
  const strays = ofMetric.filter((key) => probe[key] !== undefined);
  return strays.map((key) => ({ path: [key], message: 'belongs to a metric probe: this one has no "metric"' }));
}

function metricFaults({ name, min, max, maxRise, within }: Members): readonly Fault[] {
  const rules: readonly [boolean, readonly string[], string][] = [
    [name === undefined, ['name'], 'must be the name of the metric'],
    [[min, max, maxRise].every((limit) => limit === undefined), [], `must have a limit: ${limits.join(', ')}`],
    [
      maxRise !== undefined && within === undefined,
      ['within'],
      'must be the time that "maxRise" is for, such as "10m"',
    ],
    [within !== undefined && maxRise === undefined, ['within'], 'belongs to "maxRise": this probe has none'],
    [min !== undefined && max !== undefined && min > max, ['min'], 'must not be above "max"'],
  ];
  return rules.flatMap(([broken, path, message]) => (broken ? [{ path, message }] : []));
}
