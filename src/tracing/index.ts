export type { RequestDetails, RequestTrace, SpanDetails } from './request-tracer.js';
export { startTracing } from './start-tracing.js';
export { tracer } from './tracer.js';
