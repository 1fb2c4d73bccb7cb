import { Redis } from 'ioredis';

/** Milliseconds, and the longest that a request waits to be counted. */
const CONNECT_TIMEOUT = 2_000;
const COMMAND_TIMEOUT = 500;
const MAX_RECONNECT_DELAY = 1_000;

/**
 * A connection, not made yet. While it is down it fails at once, instead of queueing, and it comes
 * back by itself; one whose server falls silent is given up after the time of one command.
 */
export function createRedis(redisUrl: string): Redis {
  const url = new URL(redisUrl);
  // Ours alone: the client would take any value for a wish to use TLS.
  url.searchParams.delete('tls');
  return new Redis(url.href, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT,
    commandTimeout: COMMAND_TIMEOUT,
    socketTimeout: COMMAND_TIMEOUT,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 50, MAX_RECONNECT_DELAY),
  });
}
