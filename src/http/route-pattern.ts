import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Stands for the patterns of several routes in the log and the metrics. */
    readonly pattern?: string;
    /** Whether a path is unknown to all callers that its handler does not serve. */
    readonly isHidden?: boolean;
  }
}

/** Returns the pattern of the route that a request matched; undefined for an unknown path. */
export function routeOf(request: FastifyRequest): string | undefined {
  if (request.is404) return undefined;
  const { url, config } = request.routeOptions;
  return config.pattern ?? url;
}
