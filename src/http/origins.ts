import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Origin that users see, `PUBLIC_URL`, used in absolute links. */
    readonly publicOrigin: string;
    /** Other origins whose pages may call with credentials. */
    readonly trustedOrigins: readonly string[];
  }
}

export type Origins = Pick<FastifyInstance, 'publicOrigin' | 'trustedOrigins'>;

/** Makes the origins available to hooks and handlers. */
export function setOrigins(fastify: FastifyInstance, origins: Origins): void {
  fastify.decorate('publicOrigin', origins.publicOrigin);
  fastify.decorate('trustedOrigins', origins.trustedOrigins);
}
