export { IdempotencyModule } from './idempotency.module.js';
export { digestOf } from './digest.js';
export { IdempotencyRepository } from './idempotency.repository.js';
export { Idempotent, REPLAYED } from './idempotent.decorator.js';
export { routeByKey } from './keyed-route.js';
export { NotIdempotent } from './not-idempotent.decorator.js';
export { isKey, KEY_RULE, runOnce } from './once.js';
