import type { Env } from '../config/index.js';
import { pingRedis } from '../rate-limit/index.js';
import { type Finding, ok, reasonOf, warning } from './finding.js';

/** Checks that Redis counts, with the commands that the limits use. */
export async function checkRedis({ REDIS_URL: url, RATE_LIMIT }: Env): Promise<Finding> {
  if (RATE_LIMIT === 'off') return ok('redis', 'RATE_LIMIT=off: nothing is counted.');
  if (url === undefined) return ok('redis', 'Without REDIS_URL each instance counts by itself.');
  const { host, hostname, port } = new URL(url);
  try {
    await pingRedis(url);
    return ok('redis', `Redis at ${host} responds.`);
  } catch (reason) {
    const text = `Redis at ${host} cannot be used: ${reasonOf(reason)}. Each instance counts by itself meanwhile.`;
    const command = `redis-cli -h ${hostname} -p ${port || '6379'} ping`;
    return warning(
      'redis',
      text,
      `Start Redis, or correct REDIS_URL. To see whether it responds, run: ${command}`,
    );
  }
}
