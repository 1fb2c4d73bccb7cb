import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { logAuthEvent } from '../issuer/index.js';
import { countRateLimited } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import { sendProblem } from '../http/index.js';
import type { Env } from '../config/index.js';
import { callerKey, type Callers, type User, userOf } from './callers.js';
import type { ChargedConfig, CostOf } from './charge.js';
import { clientNetwork } from './client-network.js';
import type { RateLimits } from './rate-limits.js';

const WINDOW_SECONDS = 60;
/** Maximum number of keys remembered as logged. */
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

/** Counts a request, or `points` of them; returns a problem if there are too many. */
function createMeter(env: Env, limits: Pick<RateLimits, 'consume'>) {
  const perUser = { max: env.RATE_LIMIT_PER_MINUTE, window: WINDOW_SECONDS };
  const perNetwork = { max: env.RATE_LIMIT_ANONYMOUS_PER_MINUTE, window: WINDOW_SECONDS };
  const log = createLog();
  return async (request: FastifyRequest, user: User | undefined, points?: number) => {
    const rule = user ? perUser : perNetwork;
    const key = callerKey(request, user);
    const { allowed, retryAfter } = await limits.consume(key, rule, points);
    if (allowed) return undefined;
    countRateLimited(user ? 'user' : 'network');
    log(key, retryAfter ?? WINDOW_SECONDS, {
      requestId: request.id,
      ...(user ? { kind: 'user', userId: user.id } : { kind: 'network' }),
      network: clientNetwork(request),
    });
    return new Problem(
      'rate_limited',
      `More than ${rule.max} requests in ${WINDOW_SECONDS} seconds.`,
      {
        headers: { 'retry-after': String(retryAfter) },
      },
    );
  };
}

/** Returns whether a request is not counted: a health check, or a file of the web client. */
function isFree(request: FastifyRequest): boolean {
  // Most requests: `routeOptions` is created on each access.
  if (request.url.startsWith('/api/') || request.is404) return false;
  if (request.url.startsWith('/health/')) return true;
  return (request.routeOptions.config as ChargedConfig).isFree === true;
}

/**
 * Counts every request before anything else is done, including unknown paths: per user if the token
 * is valid, and otherwise per network. Health checks, CORS preflights and the files of the web client
 * are free.
 *
 * A request to a route with `@Charge()` counts for more once its body has been read, before it is
 * validated. It never counts for more than a whole window, so that every request fits into a new
 * one.
 */
export function limitRequests(
  fastify: FastifyInstance,
  env: Env,
  limits: Pick<RateLimits, 'consume'>,
  callers: Callers,
): void {
  const consume = createMeter(env, limits);
  const refusalOf = async (request: FastifyRequest): Promise<Problem | undefined> => {
    if (isFree(request)) return undefined;
    return consume(request, await userOf(request, callers));
  };
  const chargeBody = async (request: FastifyRequest, costOf: CostOf) => {
    const further = Math.min(costOf(request.body), env.RATE_LIMIT_PER_MINUTE) - 1;
    const user = further > 0 ? await userOf(request, callers) : undefined;
    // Without a user the request ends at the guard, and costs nothing more.
    return user && consume(request, user, further);
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    refusalOf(request).then((problem) => {
      // Sent directly: as an error, that of an unknown path would become a 404.
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
