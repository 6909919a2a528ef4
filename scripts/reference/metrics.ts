import { Registry } from 'prom-client';
import { createMetrics } from '../../src/observe/metrics.ts';
import { code, type Page, page, table } from './page.ts';

/** What prom-client knows of a metric beside its name. */
interface Described {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly constructor: { readonly name: string };
}

/** Every metric, from the registry of the exporter. */
export function metricsPage(): Page {
  const rows = registered()
    .filter(({ name }) => !/_(process|nodejs)_/.test(name))
    .map((one) => [
      code(one.name),
      one.constructor.name.toLowerCase(),
      (one.labelNames ?? []).map(code).join(', '),
      one.help,
    ]);
  return page(
    'metrics.md',
    'Reference: metrics',
    'Every metric of `/metrics`, with its type, its labels and its help text, from the exporter. How to use them tells [metrics.md](../metrics.md).',
    table(
      ['metric', 'type', 'labels', ''],
      [...rows].sort(([a = ''], [b = '']) => a.localeCompare(b)),
    ),
    'Those of Node itself (`vaultvisor_process_…`, `vaultvisor_nodejs_…`) come beside them.',
  );
}

/** The registry keeps no labels that can be asked for; what is registered has them. */
function registered(): readonly Described[] {
  const found: Described[] = [];
  const register = Registry.prototype.registerMetric;
  Registry.prototype.registerMetric = function (metric) {
    found.push(metric as unknown as Described);
    return register.call(this, metric);
  };
  try {
    createMetrics();
  } finally {
    Registry.prototype.registerMetric = register;
  }
  return found;
}
