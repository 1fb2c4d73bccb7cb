import { createRequire } from 'node:module';
import { collectDefaultMetrics, type Registry } from 'prom-client';
import './counters.js';
import './connections.js';
import { registry } from './registry.js';

/** Interval between measurements of the event loop's delay. */
const EVENT_LOOP_RESOLUTION_MS = 20;

/**
 * The default metric that is left out: its observer of every garbage collection costs a twentieth of
 * a small request.
 */
const GARBAGE_COLLECTION = 'gc';

type Collect = (
  target: Registry,
  options: { readonly eventLoopMonitoringPrecision: number },
) => void;

const load = createRequire(import.meta.url);
let isMeasured = false;

/**
 * Starts to measure the process itself, once: processor, memory, the event loop. The files of
 * prom-client are loaded one by one, as `collectDefaultMetrics` takes all of them or none.
 */
export function measureProcess(): void {
  if (isMeasured) return;
  isMeasured = true;
  const names = collectDefaultMetrics.metricsList.filter((name) => name !== GARBAGE_COLLECTION);
  for (const name of names) {
    const collect = load(`prom-client/lib/metrics/${name}`) as Collect;
    collect(registry, { eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION_MS });
  }
}

/** Returns all metrics in Prometheus's text format. */
export async function readMetrics(): Promise<{ readonly type: string; readonly body: string }> {
  return { type: registry.contentType, body: await registry.metrics() };
}
