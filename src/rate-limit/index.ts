export { Charge, FREE } from './charge.js';
export { clientNetwork } from './client-network.js';
export { queueLargeBodies } from './large-bodies.js';
export { limitRequests } from './limit-requests.js';
export { pingRedis } from './ping-redis.js';
export { RateLimitModule } from './rate-limit.module.js';
export { RateLimits } from './rate-limits.js';
