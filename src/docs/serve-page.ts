import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { ConstantResponse, createPageHook } from '../http/index.js';
import { type PageSettings, renderPage } from './page.js';

/**
 * Directory of Swagger UI. Importing its main module would load all of Swagger UI into this
 * process.
 */
const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** Cached for ever: the URLs of Swagger UI's files contain its version. */
const IMMUTABLE = { maxAge: '1y', immutable: true };
const PAGE_DIRECTORY = fileURLToPath(new URL('browser', import.meta.url));

/** Files that the page needs, by directory. Nothing else in these directories is served. */
const FILES = {
  [SWAGGER_UI]: ['favicon-32x32.png', 'swagger-ui.css', 'swagger-ui-bundle.js'],
  [PAGE_DIRECTORY]: [
    'page.css',
    ...['accessible', 'account', 'document', 'last-id', 'page', 'responses', 'session'].map(
      (name) => `${name}.js`,
    ),
  ],
};

/** Serves the page at `/docs` and its files. */
export function servePage(fastify: FastifyInstance, settings: PageSettings): void {
  const page = new ConstantResponse(renderPage(settings), 'text/html; charset=utf-8');
  const onSend = createPageHook();
  fastify.register(fastifyStatic, { root: PAGE_DIRECTORY, serve: false });
  for (const path of ['/docs', '/docs/', '/docs/index.html']) {
    fastify.get(path, { onSend }, (request, reply) => page.send(request, reply));
  }
  for (const [root, names] of Object.entries(FILES)) {
    for (const name of names) {
      const options = root === SWAGGER_UI ? IMMUTABLE : {};
      fastify.get(`/docs/${name}`, (_request, reply) => reply.sendFile(name, root, options));
    }
  }
}
