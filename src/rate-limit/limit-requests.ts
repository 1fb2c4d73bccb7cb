import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { logAuthEvent } from '../issuer/index.js';
import { Problem } from '../problems/index.js';
import { sendProblem } from '../http/index.js';
import type { Env } from '../config/index.js';
import { callerKey, type Callers, type User, userOf } from './callers.js';
import type { ChargedConfig, CostOf } from './charge.js';
import { clientNetwork } from './client-network.js';
import type { RateLimits } from './rate-limits.js';

const WINDOW = 60;
/** Keys that are remembered as logged. */
const MAX_LOGGED = 10_000;

/** Logs the first refusal of a key in its window: a flood of requests must not flood the log. */
function createLog() {
  const logged = new LRUCache<string, true>({ max: MAX_LOGGED });
  return (key: string, seconds: number, details: Readonly<Record<string, string>>) => {
    if (logged.has(key)) return;
    logged.set(key, true, { ttl: seconds * 1000 });
    logAuthEvent('rate_limited', details);
  };
}

/** Counts a request, or `points` of them; returns the refusal of one that is too many. */
function createMeter(env: Env, limits: Pick<RateLimits, 'consume'>) {
  const perUser = { max: env.RATE_LIMIT_PER_MINUTE, window: WINDOW };
  const perNetwork = { max: env.RATE_LIMIT_ANONYMOUS_PER_MINUTE, window: WINDOW };
  const log = createLog();
  return async (request: FastifyRequest, user: User | undefined, points?: number) => {
    const rule = user ? perUser : perNetwork;
    const key = callerKey(request, user);
    const { allowed, retryAfter } = await limits.consume(key, rule, points);
    if (allowed) return undefined;
    log(key, retryAfter ?? WINDOW, {
      requestId: request.id,
      ...(user ? { kind: 'user', userId: user.id } : { kind: 'network' }),
      network: clientNetwork(request),
    });
    return new Problem('rate_limited', `More than ${rule.max} requests in ${WINDOW} seconds.`, {
      headers: { 'retry-after': String(retryAfter) },
    });
  };
}

/**
 * Counts each request, unknown addresses included, before anything is done for it: against the
 * user when its token is valid, against the network it came from otherwise. Health checks are free,
 * and so are CORS preflights, which are answered before.
 *
 * A request to a route with a `@Charge()` counts for more once its body is read, and before it is
 * validated. It never counts for more than a whole window, so that each fits into a new one.
 */
export function limitRequests(
  fastify: FastifyInstance,
  env: Env,
  limits: Pick<RateLimits, 'consume'>,
  callers: Callers,
): void {
  const consume = createMeter(env, limits);
  const refusalOf = async (request: FastifyRequest): Promise<Problem | undefined> => {
    if (request.url.startsWith('/health/') && !request.is404) return undefined;
    return consume(request, await userOf(request, callers));
  };
  const chargeBody = async (request: FastifyRequest, costOf: CostOf) => {
    const further = Math.min(costOf(request.body), env.RATE_LIMIT_PER_MINUTE) - 1;
    const user = further > 0 ? await userOf(request, callers) : undefined;
    // Without a user it ends at the guard, and costs nothing.
    return user && consume(request, user, further);
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    refusalOf(request).then((problem) => {
      // Not passed on: as an error, that of an unknown address would become a 404.
      if (problem) sendProblem(request, reply, problem);
      else done();
    }, done);
  });
  fastify.addHook('onRoute', (route) => {
    const { costOf } = (route.config ?? {}) as ChargedConfig;
    if (costOf === undefined) return;
    route.preHandler = (request, _, done) => {
      chargeBody(request, costOf).then(done, done);
    };
  });
}
