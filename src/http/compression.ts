import compress from '@fastify/compress';
import type { FastifyInstance, onRequestHookHandler, RouteOptions } from 'fastify';

/** Compresses responses only where that saves more than it costs. */
const OPTIONS: compress.FastifyCompressOptions = {
  threshold: 8 * 1024,
  encodings: ['br', 'gzip', 'deflate'],
};

/** In the spelling that `@fastify/compress` recognizes, and then does not repeat. */
const VARY = 'accept-encoding';

/** Paths of large responses, none of which contains tokens or other secrets in its body. */
const LARGE_PATHS = ['/api/v1/tasks', '/api/v1/export', '/docs', '/openapi.json', '/feeds/'];
const LARGE_POSTS = ['/api/v1/tasks/batch', '/mcp'];

const isLarge = ({ url, method }: RouteOptions, reading: string): boolean =>
  LARGE_POSTS.includes(url) ||
  ([method].flat().includes(reading) && LARGE_PATHS.some((path) => url.startsWith(path)));

/**
 * Marks all responses of a route that compresses, also those that are not compressed: otherwise a cache
 * could serve one of them to a client that accepts other codings (RFC 9110, section 12.5.5).
 */
function varyOn(value: string): onRequestHookHandler {
  return (_, reply, done) => {
    reply.header('vary', value);
    done();
  };
}

/**
 * Compresses large responses on request. Entity tags stay strong: they identify a version of a
 * task, whatever its bytes. Resolves when routes can be registered.
 */
export async function compressLarge(fastify: FastifyInstance): Promise<void> {
  // CORS names one of several trusted origins: the one that a response is for.
  const addVary = varyOn(fastify.trustedOrigins.length > 0 ? `Origin, ${VARY}` : VARY);
  fastify.addHook('onRoute', (route) => {
    // Undefined would add a hook to every request.
    route.compress = isLarge(route, 'GET') && OPTIONS;
    if (route.compress || isLarge(route, 'HEAD')) {
      route.onRequest = [route.onRequest ?? [], addVary].flat();
    }
  });
  // Bodies with a content coding are 415; none is decompressed, whatever its size.
  await fastify.register(compress, { globalCompression: false, globalDecompression: false });
}
