import type { Registry } from 'prom-client';
import './counters.js';
import './connections.js';
import { measureProcessorTime } from './process-cpu.js';
import { load } from './prom-client.js';
import { registry } from './registry.js';

/** Interval between measurements of the event loop's delay. */
const EVENT_LOOP_RESOLUTION_MS = 20;

/**
 * The default metrics of prom-client, by the names of its files, but two: its observer of every garbage
 * collection costs a twentieth of a small request, and its processor time loads OpenTelemetry's API.
 */
const DEFAULT_METRICS = [
  ...[
    'processStartTime',
    'osMemoryHeap',
    'processOpenFileDescriptors',
    'processMaxFileDescriptors',
  ],
  ...['eventLoopLag', 'processResources', 'processHandles', 'processRequests', 'heapSizeAndUsed'],
  ...['heapSpacesSizeAndUsed', 'version'],
];

type Collect = (
  target: Registry,
  options: { readonly eventLoopMonitoringPrecision: number },
) => void;

let isMeasured = false;

/** Starts to measure the process itself, once: processor, memory, the event loop. */
export function measureProcess(): void {
  if (isMeasured) return;
  isMeasured = true;
  measureProcessorTime();
  for (const name of DEFAULT_METRICS) {
    const collect = load(`prom-client/lib/metrics/${name}`) as Collect;
    collect(registry, { eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION_MS });
  }
}

/** Returns all metrics in Prometheus's text format. */
export async function readMetrics(): Promise<{ readonly type: string; readonly body: string }> {
  return { type: registry.contentType, body: await registry.metrics() };
}
