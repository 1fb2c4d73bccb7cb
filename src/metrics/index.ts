export { connectionWaits, measurePool, measureStaleness } from './connections.js';
export {
  countAuthRefused,
  countKeySetFetch,
  countPurged,
  countQuotaRefused,
  countRateLimited,
  countRefused,
  idempotentReplays,
  type PurgedRows,
  tokenCache,
} from './counters.js';
export { MetricsModule } from './metrics.module.js';
export { observeResponse } from './request-durations.js';
export { serveMetrics } from './serve-metrics.js';
/** @public */
export { streams } from './counters.js';
