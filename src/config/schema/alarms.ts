import { defaultBelow } from '../client-defaults.ts';
import { metricName } from './metric-name.ts';
import { record } from './record.ts';
import { number } from './text.ts';
import { webUrl } from './url.ts';

const hoursToRedeem = record({
  metric: webUrl.optional().meta({ description: "The client's Prometheus page." }),
  name: metricName
    .optional()
    .meta({ description: 'Hours until the first payment is due; of several series the least counts.' }),
  below: number
    .min(0, { error: 'must be 0 or more' })
    .optional()
    .meta({ description: 'Hours; 0: never.', default: defaultBelow }),
});

/** What somebody is woken for by what the client itself says. A part may be missing that a preset or `defaults` has. */
export const alarms = record({ hoursToRedeem: hoursToRedeem.optional() });
