import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { KeyedSemaphore } from '../common/index.js';
import { countRefused } from '../metrics/index.js';
import { callerKey, type Callers, userOf } from './callers.js';

/** Size from which reading and checking a body may take milliseconds. */
const LARGE_BYTES = 32 * 1024;
/** Maximum number of requests with a large body that one user has in progress. */
const MAX_CONCURRENT = 2;

/** Returns whether a body is large, or may be because it is chunked. */
function isLarge({ headers }: FastifyRequest): boolean {
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] !== undefined;
  return Number(length) >= LARGE_BYTES;
}

/**
 * Queues the large bodies of one user before they are read: forty at once would delay everyone.
 * Without a valid token they are queued per network.
 */
export function queueLargeBodies(fastify: FastifyInstance, callers: Callers): void {
  const semaphore = new KeyedSemaphore(
    MAX_CONCURRENT,
    'Your other large requests took too long.',
    () => countRefused('large_bodies'),
  );
  const acquire = async (request: FastifyRequest, { raw }: FastifyReply): Promise<void> => {
    const key = callerKey(request, await userOf(request, callers));
    await semaphore.acquire(key);
    const release = () => {
      semaphore.release(key);
    };
    if (raw.closed) release();
    else raw.once('close', release);
  };
  const queue: onRequestHookHandler = (request, reply, done) => {
    if (!isLarge(request)) {
      done();
      return;
    }
    acquire(request, reply).then(() => {
      done();
    }, done);
  };
  fastify.addHook('onRoute', (route) => {
    // Other methods have no body.
    const isRead = [route.method].flat().some((method) => !['GET', 'HEAD'].includes(method));
    if (isRead) route.onRequest = [route.onRequest ?? [], queue].flat();
  });
}
