import { Counter } from './prom-client.js';
import { registry } from './registry.js';

/**
 * Registers a counter with one label, and returns the function that counts. Every value of the label
 * is known beforehand, so the counter has a bounded number of series, each starting at 0: `rate()`
 * sees the first event.
 */
export function countBy<Value extends string>(
  metric: { readonly name: `taskward_${string}_total`; readonly help: string },
  label: string,
  values: readonly Value[],
): (value: Value, count?: number) => void {
  const counter = new Counter({ ...metric, labelNames: [label], registers: [registry] });
  for (const value of values) counter.inc({ [label]: value }, 0);
  return (value, count = 1) => {
    counter.inc({ [label]: value }, count);
  };
}
