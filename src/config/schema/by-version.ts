import { z } from 'zod';
import { isVersionRange } from '../version-range.ts';
import { list, named, record } from './record.ts';
import { text, variable } from './text.ts';

const rangeError = 'must be a range of versions, such as ">=1.24" or ">=1.24 <2"';

const range = z.string({ error: rangeError }).refine(isVersionRange, { error: rangeError });

/** Settings for some releases, by their version; `health` and `stop` as the client itself has them. */
export function byVersion<Health extends z.ZodType, Stop extends z.ZodType>(health: Health, stop: Stop) {
  const rule = record({
    version: range.meta({ description: 'For which versions, as npm writes ranges: ">=1.24".' }),
    args: list(text, 'must be a list of texts, one for each argument')
      .optional()
      .meta({ description: 'Instead of "args".' }),
    env: named(variable, text).optional().meta({ description: 'Added to "env".' }),
    health: health.optional(),
    stop: stop.optional(),
  });
  return list(rule, 'must be a list such as [{"version": ">=1.24", "args": ["--new-flag"]}]').meta({
    description: 'Settings for some releases: the first whose versions hold the release counts.',
  });
}
