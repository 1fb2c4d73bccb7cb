import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { protectPage } from '../http/index.js';
import { type PageSettings, renderPage } from './page.js';

/** The folder of Swagger UI. Its main file would load all of Swagger UI into this process. */
const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** The page names the version in the addresses of Swagger UI's files: another one is another address. */
const FOR_A_YEAR = { maxAge: '1y', immutable: true };
const OURS = fileURLToPath(new URL('browser', import.meta.url));

/** The files of the page, by the folder that they are in. Nothing else of the folders is served. */
const FILES = {
  [SWAGGER_UI]: ['favicon-32x32.png', 'swagger-ui.css', 'swagger-ui-bundle.js'],
  [OURS]: [
    'page.css',
    ...['accessible', 'account', 'document', 'last-id', 'page', 'responses', 'session'].map(
      (name) => `${name}.js`,
    ),
  ],
};

/** Serves the page at `/docs`, with its own files. */
export function servePage(fastify: FastifyInstance, settings: PageSettings): void {
  const html = renderPage(settings);
  fastify.register(fastifyStatic, { root: OURS, serve: false });
  for (const path of ['/docs', '/docs/', '/docs/index.html']) {
    fastify.get(path, { onSend: protectPage }, (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(html),
    );
  }
  for (const [root, names] of Object.entries(FILES)) {
    for (const name of names) {
      const options = root === SWAGGER_UI ? FOR_A_YEAR : {};
      fastify.get(`/docs/${name}`, (_request, reply) => reply.sendFile(name, root, options));
    }
  }
}
