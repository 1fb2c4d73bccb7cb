import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The origin that users see, `PUBLIC_URL`: links in responses are absolute by it. */
    readonly publicOrigin: string;
  }
}

/** Tells handlers the origin that users see. */
export function setPublicOrigin(fastify: FastifyInstance, origin: string): void {
  fastify.decorate('publicOrigin', origin);
}
