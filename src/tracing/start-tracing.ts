import type { Env } from '../config/index.js';
import { setTracer } from './tracer.js';

/** Stops tracing, after the last spans have been sent. Never rejects, and takes a few seconds at most. */
export type StopTracing = () => Promise<void>;

/**
 * Starts to trace if `OTEL_EXPORTER_OTLP_ENDPOINT` is set. Loads OpenTelemetry only then.
 *
 * @param warn is called with each variable of OpenTelemetry that has a wrong value.
 */
export async function startTracing(
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Env,
  warn: (line: string) => void,
): Promise<StopTracing> {
  if (endpoint === undefined) return () => Promise.resolve();
  const { startExport } = await import('./export.js');
  const started = startExport(endpoint, warn);
  setTracer(started?.tracer);
  return async () => {
    setTracer(undefined);
    await started?.stop();
  };
}
