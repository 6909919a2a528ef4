import { Cron } from 'croner';
import validRange from 'semver/ranges/valid.js';
import { z } from 'zod';
import { parseChecksum } from '../../core/release.ts';
import { nearest } from '../../nearest.ts';
import { clientDefaults } from '../client-defaults.ts';
import { isZone, zones } from '../zone.ts';
import { metricName } from './metric-name.ts';
import { list, record } from './record.ts';
import { count, duration, filledText, flag, number, patterned, text } from './text.ts';
import { webUrl } from './url.ts';

const d = clientDefaults.gates;

const releasesError = 'must be a range of versions as npm writes it, such as ">=1.24 <2", or the SHA-256 of a release';

const releases = list(
  filledText.refine((said) => parseChecksum(said) !== null || validRange(said) !== null, { error: releasesError }),
  `must be a list, and each of it ${releasesError.replace('must be ', '')}`,
);

const specVersion = record({
  min: count(0).optional().meta({ description: 'It, or any higher one.' }),
  exact: count(0).optional().meta({ description: 'It alone.' }),
}).refine(({ min, exact }) => (min === undefined) !== (exact === undefined), {
  error: 'must have either "min" or "exact"',
});

const cronError = 'must be five fields as crontab has them (minute, hour, day, month, weekday), such as "0 2 * * 1-5"';

const cron = patterned(/^\S+( +\S+){4}$/, cronError).superRefine((said, context) => {
  const message = faultOf(said);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

function faultOf(said: string): string | null {
  try {
    const next = new Cron(said, { timezone: 'UTC', mode: '5-part', paused: true }).nextRun();
    return next === null ? 'must name a time that comes: this window never opens' : null;
  } catch {
    return cronError;
  }
}

const zone = z
  .string({ error: 'must be the name of a time zone, such as "Europe/Berlin"' })
  .superRefine((said, context) => {
    if (!isZone(said)) context.addIssue({ code: 'custom', message: zoneFault(said) });
  });

/** A city alone is enough to know what was meant. */
function zoneFault(said: string): string {
  const known = zones();
  const city = known.find(
    (one) => one.split('/').at(-1)?.toLowerCase() === said.trim().toLowerCase().replaceAll(' ', '_'),
  );
  const meant = city ?? nearest(said, known);
  return `is no time zone${meant === null ? ', such as "Europe/Berlin"' : `: did you mean "${meant}"?`}`;
}

const maintenance = record({
  cron: cron.meta({ description: 'When it opens: minute, hour, day, month, weekday.' }),
  for: duration(60_000).meta({ description: 'How long it stays open.' }),
  zone: zone.optional().meta({ description: 'The time zone that "cron" is meant in.', default: 'UTC' }),
});

const metric = record({
  url: webUrl.meta({ description: "The client's own Prometheus page." }),
  name: metricName,
  min: number.optional(),
  max: number.optional(),
  atMost: duration(0).optional().meta({ description: 'After which it is no longer waited for.', default: '30m' }),
}).superRefine(({ min, max }, context) => {
  if (min === undefined && max === undefined)
    context.addIssue({ code: 'custom', message: 'must have a limit: min, max' });
  if (min !== undefined && max !== undefined && min > max)
    context.addIssue({ code: 'custom', path: ['min'], message: 'must not be above "max"' });
});

const command = list(text, 'must be a list of texts: an absolute path and its arguments').refine(
  ([program = '']) => program.startsWith('/'),
  { error: 'must begin with an absolute path' },
);

/** What is asked before an update takes the place of a client that serves. */
export const gates = record({
  allow: releases.optional().meta({ description: 'Nothing else is run; empty: everything is.', default: d.allow }),
  deny: releases.optional().meta({ description: 'Never run.', default: d.deny }),
  approval: z
    .enum(['none', 'required'], { error: 'must be "none" or "required"' })
    .optional()
    .meta({ description: 'Whether a person approves each release by its checksum.', default: d.approval }),
  requireHealthy: flag
    .optional()
    .meta({ description: 'Whether what serves must be healthy first.', default: d.requireHealthy }),
  specVersion: specVersion.optional(),
  block: count(0).optional().meta({ description: 'The finalised block from which on.' }),
  windows: list(maintenance, 'must be a list of windows').optional().meta({ default: d.windows }),
  minAge: duration(0).optional().meta({ description: 'Since a release was first heard of here.', default: d.minAge }),
  rolloutWindow: duration(0)
    .optional()
    .meta({ description: 'Over which the hosts spread an update; "0s" makes a canary.', default: d.rolloutWindow }),
  rolloutGroup: filledText
    .optional()
    .meta({ description: 'Hosts with the same text go at the same time; default: each by itself.' }),
  metrics: list(metric, 'must be a list of metrics').optional().meta({ default: d.metrics }),
  fleetLock: record({
    url: webUrl.meta({ description: 'A FleetLock server, without /v1.' }),
    group: patterned(/^[a-zA-Z0-9.-]+$/, 'must be letters, digits, dots and hyphens')
      .optional()
      .meta({ default: 'default' }),
  }).optional(),
  urgentWait: duration(0)
    .optional()
    .meta({ description: 'For how long an urgent release waits for a FleetLock slot.', default: d.urgentWait }),
  drain: record({
    command: command.meta({ description: 'Exit 0: go, 75: ask again in a minute, else wait and alarm.' }),
    deadline: duration().optional().meta({ default: '1h' }),
    after: command.optional().meta({ description: 'Run when the update of a drained client is called off.' }),
  }).optional(),
});
