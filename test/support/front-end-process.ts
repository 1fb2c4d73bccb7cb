import { globSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parseEnv } from 'node:util';
import type { BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { load, resolveFrom } from './front-end-files.ts';
import { serveCalls } from './remote-process.ts';

type Handler = (request: Request) => Promise<Response>;

/** The files `app/…/route.ts`, each with the paths that it answers at. */
async function routesOf(folder: string) {
  const files = globSync('app/**/route.ts', { cwd: folder });
  return Promise.all(
    files.map(async (file) => {
      const path = dirname(file).replace(/^app/, '').replace('[...all]', '.+');
      return { pattern: new RegExp(`^${path}$`), handlers: await load(folder, file) };
    }),
  );
}

async function webRequest(request: IncomingMessage, url: URL): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const body = await buffer(request);
  const method = request.method ?? 'GET';
  return new Request(url, { method, headers, ...(body.length > 0 && { body }) });
}

async function send(result: Response, response: ServerResponse): Promise<void> {
  response.writeHead(result.status, [...result.headers].flat());
  response.end(await result.text());
}

/**
 * A front end without Next.js, which is not installed: a plain HTTP server gives the files
 * `app/…/route.ts` the web `Request` that Next.js would.
 */
serveCalls({
  /** @param variables its `.env.local`, in which the address that it really has takes `address`'s place. */
  async serve(folder: string, variables: string, address: string): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    Object.assign(process.env, parseEnv(variables.replaceAll(address, origin)));
    resolveFrom(folder);
    const { auth } = await load(folder, 'lib/auth.ts');
    const { options } = auth as { options: BetterAuthOptions };
    await (await getMigrations(options)).runMigrations();
    const routes = await routesOf(folder);
    const handle = async (request: IncomingMessage) => {
      const url = new URL(request.url ?? '/', origin);
      const route = routes.find(({ pattern }) => pattern.test(url.pathname));
      const handler = route?.handlers[request.method ?? ''] as Handler | undefined;
      return handler?.(await webRequest(request, url)) ?? new Response(null, { status: 404 });
    };
    server.on('request', (request, response) => {
      handle(request)
        .then((result) => send(result, response))
        .catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
    return origin;
  },
});
