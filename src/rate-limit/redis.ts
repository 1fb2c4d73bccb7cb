import { Redis } from 'ioredis';

/** Timeout for connecting, and the longest time that a request waits to be counted (ms). */
const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 500;
const MAX_RECONNECT_DELAY_MS = 1_000;

/**
 * Creates a connection without opening it. While it is down, commands fail at once instead of
 * queueing, and it reconnects by itself; one whose server stops responding is dropped after one
 * command timeout.
 */
export function createRedis(redisUrl: string, commandTimeoutMs = COMMAND_TIMEOUT_MS): Redis {
  const url = new URL(redisUrl);
  // A parameter of ours: the client would take any value as a request for TLS.
  url.searchParams.delete('tls');
  return new Redis(url.href, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: commandTimeoutMs,
    socketTimeout: commandTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 50, MAX_RECONNECT_DELAY_MS),
  });
}
