import compress from '@fastify/compress';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** Compresses responses only where that saves more than it costs. */
const OPTIONS: compress.FastifyCompressOptions = {
  threshold: 8 * 1024,
  encodings: ['br', 'gzip', 'deflate'],
};

/** Paths of large responses, none of which contains tokens or other secrets. */
const LARGE_PATHS = ['/api/v1/tasks', '/docs', '/openapi.json'];
const BATCH = '/api/v1/tasks/batch';

const isLarge = ({ url, method }: RouteOptions): boolean =>
  url === BATCH ||
  ([method].flat().includes('GET') && LARGE_PATHS.some((path) => url.startsWith(path)));

/**
 * Compresses large responses on request. Entity tags stay strong: they identify a version of a
 * task, whatever its bytes. Resolves when routes can be registered.
 */
export async function compressLarge(fastify: FastifyInstance): Promise<void> {
  fastify.addHook('onRoute', (route) => {
    // Undefined would add a hook to every request.
    route.compress = isLarge(route) && OPTIONS;
  });
  // Bodies with a content coding are 415; none is decompressed, whatever its size.
  await fastify.register(compress, { globalCompression: false, globalDecompression: false });
}
