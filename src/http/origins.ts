import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The origin that users see, `PUBLIC_URL`: links in responses are absolute by it. */
    readonly publicOrigin: string;
    /** Others whose pages may call with credentials. */
    readonly trustedOrigins: readonly string[];
  }
}

export type Origins = Pick<FastifyInstance, 'publicOrigin' | 'trustedOrigins'>;

/** Tells hooks and handlers the origins. */
export function setOrigins(fastify: FastifyInstance, origins: Origins): void {
  fastify.decorate('publicOrigin', origins.publicOrigin);
  fastify.decorate('trustedOrigins', origins.trustedOrigins);
}
