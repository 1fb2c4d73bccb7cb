import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { ConstantResponse, createPageHook } from '../http/index.js';
import { FREE } from '../rate-limit/index.js';

/** Directory of the built web client. */
export const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** Paths of the web client's own pages: its router decides what they show. */
export const PAGES = [
  '/',
  ...['/today', '/upcoming', '/all', '/trash', '/account', '/transfer'],
  ...['/sign-in', '/sign-up', '/forgot-password', '/reset-password', '/verified'],
];

/** The name of a file below it contains a hash of its content. */
const HASHED = '/assets/';
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Strings are no scripts and no HTML: web/src/app/trusted-types.ts has the only exception. */
const protectPage = createPageHook({
  manifestSrc: ["'self'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ['default'],
});

interface WebOptions {
  /** Directory of the built web client, which may be missing. */
  readonly root: string;
  readonly log: (line: string) => void;
}

/** Returns the HTML of every page; `undefined` if the web client is not built. */
async function readPage(root: string): Promise<ConstantResponse | undefined> {
  try {
    const html = await readFile(join(root, 'index.html'), 'utf8');
    return new ConstantResponse(html, 'text/html; charset=utf-8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Serves the web client at `/`: its pages, and the files that were there at the start, each with
 * the compressed ones beside it. Without a build, `/` leads to `/docs`.
 */
export async function serveWeb(fastify: FastifyInstance, { root, log }: WebOptions): Promise<void> {
  const page = await readPage(root);
  if (page === undefined) {
    log('The web client is not built (npm run build:web): / leads to /docs.');
    fastify.get('/', (_, reply) => reply.redirect('/docs'));
    return;
  }
  await fastify.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      // The names of files are those of one build.
      const files = PAGES.includes(route.url) ? {} : { pattern: '/*' };
      route.config = { ...route.config, ...FREE, ...files };
    });
    // The policy of a service worker is that of its file.
    scope.addHook('onSend', protectPage);
    for (const path of PAGES) scope.get(path, (request, reply) => page.send(request, reply));
    await scope.register(fastifyStatic, {
      root,
      decorateReply: false,
      wildcard: false,
      index: false,
      globIgnore: ['index.html', '**/*.{br,gz}'],
      preCompressed: true,
      cacheControl: false,
      acceptRanges: false,
      setHeaders: (reply) => {
        const isHashed = reply.request.url.startsWith(HASHED);
        void reply.header('cache-control', isHashed ? IMMUTABLE : 'no-cache');
      },
    });
  });
}
