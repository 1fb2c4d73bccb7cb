import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { KeyedSemaphore } from '../common/index.js';
import { callerKey, type Callers, userOf } from './callers.js';

/** Bytes from which on a body is large: reading and checking it may take milliseconds. */
const LARGE_BYTES = 32 * 1024;
/** Requests with a large body that are read and done at a time, a user. */
const MAX_AT_ONCE = 2;

/** Whether a body is large, or may be, as one that is sent in chunks. */
function isLarge({ headers }: FastifyRequest): boolean {
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] !== undefined;
  return Number(length) >= LARGE_BYTES;
}

/**
 * Has the large bodies of one user wait for each other before they are read: forty that were read at once
 * would keep everybody waiting. Without a valid token they wait for those of the same network.
 */
export function queueLargeBodies(fastify: FastifyInstance, callers: Callers): void {
  const semaphore = new KeyedSemaphore(MAX_AT_ONCE, 'Your other large requests took too long.');
  const waitForTurn = async (request: FastifyRequest, { raw }: FastifyReply): Promise<void> => {
    const key = callerKey(request, await userOf(request, callers));
    await semaphore.acquire(key);
    const giveBack = () => {
      semaphore.release(key);
    };
    if (raw.closed) giveBack();
    else raw.once('close', giveBack);
  };
  const queue: onRequestHookHandler = (request, reply, done) => {
    if (!isLarge(request)) {
      done();
      return;
    }
    waitForTurn(request, reply).then(() => {
      done();
    }, done);
  };
  fastify.addHook('onRoute', (route) => {
    // Bodies of the others are not read.
    const isRead = [route.method].flat().some((method) => !['GET', 'HEAD'].includes(method));
    if (isRead) route.onRequest = [route.onRequest ?? [], queue].flat();
  });
}
