export { IdempotencyModule } from './idempotency.module.js';
export { Idempotent, REPLAYED } from './idempotent.decorator.js';
export { routeByKey } from './keyed-route.js';
export { NotIdempotent } from './not-idempotent.decorator.js';
