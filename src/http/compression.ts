import compress from '@fastify/compress';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** Compression of responses for which it saves more than it costs. */
const OPTIONS: compress.FastifyCompressOptions = {
  threshold: 8 * 1024,
  encodings: ['br', 'gzip', 'deflate'],
};

/** Addresses whose reads may be large. Tokens and what else is secret are not among them. */
const LARGE = ['/api/v1/tasks', '/docs', '/openapi.json'];
const BATCH = '/api/v1/tasks/batch';

const isLarge = ({ url, method }: RouteOptions): boolean =>
  url === BATCH || ([method].flat().includes('GET') && LARGE.some((path) => url.startsWith(path)));

/**
 * Compresses large responses for who asks. Entity tags stay strong: they name a version of a task, whatever
 * its bytes. Resolves when routes may be registered.
 */
export async function compressLarge(fastify: FastifyInstance): Promise<void> {
  fastify.addHook('onRoute', (route) => {
    // Left out, it would have a hook for every request nevertheless.
    route.compress = isLarge(route) && OPTIONS;
  });
  // A body in another coding is 415: none is decompressed, however much would come of it.
  await fastify.register(compress, { globalCompression: false, globalDecompression: false });
}
