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
  streams,
  tokenCache,
} from './counters.js';
export { MetricsModule } from './metrics.module.js';
export { observeResponse } from './request-durations.js';
export { serveMetrics } from './serve-metrics.js';
