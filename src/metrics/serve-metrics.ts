import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Env } from '../config/index.js';
import { isFromThisMachine } from './access.js';
import { readMetrics } from './read-metrics.js';

/** Path of the metrics, on either port. */
export const METRICS_PATH = '/metrics';

/**
 * Serves the metrics beside the API, to callers on this machine alone; to all others there is nothing
 * at this path. With `METRICS_PORT`, `MetricsServer` serves them instead.
 */
export function serveMetrics(fastify: FastifyInstance, { METRICS_PORT }: Env): void {
  if (METRICS_PORT !== undefined) return;
  const config = { isHidden: true };
  fastify.get(METRICS_PATH, { config }, async (request, reply) => {
    if (!isFromThisMachine(request.raw)) throw new NotFoundException();
    const { type, body } = await readMetrics();
    return reply.type(type).header('cache-control', 'no-store').send(body);
  });
}
