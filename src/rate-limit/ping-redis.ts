/** Longer than requests wait: a slow reply is not a fault of the configuration. */
const TIMEOUT_MS = 5_000;

/**
 * Runs a script at a Redis, as the limits do, which changes nothing.
 *
 * @throws Error of the connection, or of the server.
 */
export async function pingRedis(url: string): Promise<void> {
  // Loaded on demand.
  const { createRedis } = await import('./redis.js');
  const redis = createRedis(url, TIMEOUT_MS);
  // `connect()` itself rejects without the reason.
  const failed = new Promise<never>((_, reject) => redis.once('error', reject));
  redis.on('error', () => undefined);
  const run = async (): Promise<void> => {
    await redis.connect();
    await redis.eval('return 1', 0);
  };
  try {
    await Promise.race([failed, run()]);
  } finally {
    redis.disconnect();
  }
}
