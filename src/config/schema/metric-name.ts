import { patterned } from './text.ts';

/** A metric, and which of its series, as PromQL writes it with `=` alone. */
export const metricName = patterned(
  /^[^{}"\u0000]+(\{\s*[A-Za-z_]\w*="([^"\\\n]|\\["\\n])*"(\s*,\s*[A-Za-z_]\w*="([^"\\\n]|\\["\\n])*")*\s*\})?$/,
  'must be the name of a metric, such as "restart_count", or with labels of its series, such as "redeem_count{status=\\"open\\"}"',
);
