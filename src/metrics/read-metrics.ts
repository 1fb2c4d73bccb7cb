import { collectDefaultMetrics } from 'prom-client';
import './counters.js';
import './connections.js';
import { registry } from './registry.js';

/** Interval between measurements of the event loop's delay. */
const EVENT_LOOP_RESOLUTION_MS = 20;

let isMeasured = false;

/** Starts to measure the process itself, once: the event loop, garbage collection, memory. */
export function measureProcess(): void {
  if (isMeasured) return;
  isMeasured = true;
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION_MS,
  });
}

/** Returns all metrics in Prometheus's text format. */
export async function readMetrics(): Promise<{ readonly type: string; readonly body: string }> {
  return { type: registry.contentType, body: await registry.metrics() };
}
