import type { RequestTracer } from './request-tracer.js';

/**
 * Traces requests, or undefined: then no module of OpenTelemetry is loaded, and each caller goes on
 * after one comparison.
 *
 * @example tracer?.span('name', work) ?? work()
 */
export let tracer: RequestTracer | undefined;

/** Turns tracing on, or off. The whole process shares the tracer, as OpenTelemetry's API does. */
export function setTracer(next: RequestTracer | undefined): void {
  tracer = next;
}
