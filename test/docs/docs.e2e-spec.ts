import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type TestApp, useApp } from '../support/app.js';
import { parseResponses, speak } from '../support/raw.js';
import { send } from '../support/client.js';

const app = useApp();

interface Document {
  readonly openapi: string;
  readonly servers: { readonly url: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly tags: { readonly name: string }[];
  readonly components: { schemas: Record<string, { description?: string }> };
}

interface Parameter {
  readonly name: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema: { readonly example?: unknown; readonly examples?: unknown[] };
}

interface Operation {
  readonly parameters?: Parameter[];
  readonly tags?: string[];
  readonly operationId: string;
  readonly summary?: string;
  readonly security?: unknown[];
  readonly responses: Record<string, { description?: string }>;
}

/**
 * The page and the descriptions themselves, the metrics, which only operators can read, and tools for models,
 * which describe themselves.
 */
const UNDESCRIBED = /^\/$|^\/docs\b|^\/openapi\.json$|^\/llms\.txt$|^\/metrics$|^\/mcp$/;

/** The routes that the server has, read from Fastify's drawing of the tree in which it keeps them. */
function routesOf({ nest }: TestApp): string[] {
  const parents: string[] = [];
  const routes: string[] = [];
  for (const line of nest.getHttpAdapter().getInstance().printRoutes().split('\n')) {
    const branch = /^([│ ]*)[├└]── (\S+)(?: \((.+)\))?$/.exec(line);
    // A further route of the address above, for requests with a certain header, has no branch.
    if (branch === null) continue;
    const [, indent = '', segment = '', methods = ''] = branch;
    const depth = indent.length / '│   '.length;
    const path = (parents[depth - 1] ?? '') + segment;
    parents.splice(depth, Infinity, path);
    if (UNDESCRIBED.test(path)) continue;
    const template = path.replaceAll(/:(\w+)/g, '{$1}');
    const known = methods.split(', ').filter((method) => !['', 'HEAD', 'OPTIONS'].includes(method));
    routes.push(...known.map((method) => `${method} ${template}`));
  }
  return routes.sort();
}

describe('the description of the API', () => {
  let document: Document;
  let operations: [path: string, operation: Operation][];

  beforeAll(async () => {
    document = (await send<Document>(`${app.url}/openapi.json`)).body;
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).map((operation): [string, Operation] => [path, operation]),
    );
  });

  it('is the committed openapi.json', async () => {
    const committed = JSON.parse(await readFile('openapi.json', 'utf8')) as Document;
    // The address of this server is its own.
    expect({ ...document, servers: committed.servers }).toEqual(committed);
    expect(committed.servers).toEqual([{ url: 'http://localhost:3000' }]);
    expect(document.openapi).toBe('3.1.0');
  });

  it('names PUBLIC_URL as its server', () => {
    const { port } = new URL(app.url);
    expect(document.servers).toEqual([{ url: `http://localhost:${port}` }]);
  });

  it('requires a bearer token for every operation under /api/v1, and for no other', () => {
    const authenticated = operations.filter(([, { security }]) =>
      JSON.stringify(security).includes('bearer'),
    );
    for (const [, { security }] of authenticated) expect(security).toEqual([{ bearer: [] }]);
    const api = operations.filter(([path]) => path.startsWith('/api/v1/'));
    expect(authenticated).toEqual(api);
  });

  it('declares for every other operation whether it needs a session cookie or nothing', () => {
    const others = operations.filter(([path]) => !path.startsWith('/api/v1/'));
    const found = Map.groupBy(others, ([, { security }]) => JSON.stringify(security));
    expect([...found.keys()].sort()).toEqual(['[]', '[{"session":[]}]', '[{},{"session":[]}]']);
    const open = found.get('[]')?.map(([path]) => path);
    expect(open).toEqual(expect.arrayContaining(['/health/live', '/health/ready']));
  });

  it('describes every operation, response and schema', () => {
    for (const [, { summary, responses }] of operations) {
      expect(summary).toMatch(/\w/);
      for (const { description } of Object.values(responses)) expect(description).toMatch(/\w/);
    }
    for (const { description } of Object.values(document.components.schemas)) {
      expect(description).toMatch(/\w/);
    }
  });

  it('has every route of the server, and no other', () => {
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routesOf(app)).toEqual(described.sort());
  });

  it('shows each operation once, under a heading that is described', () => {
    const headings = document.tags.map(({ name }) => [name]);
    for (const [, { operationId, tags }] of operations) {
      expect([operationId, headings]).toEqual([operationId, expect.arrayContaining([tags])]);
    }
  });

  it('gives the form of Swagger UI no value for what need not be sent', () => {
    const parameters = operations.flatMap(([, operation]) => operation.parameters ?? []);
    const optional = parameters.filter(({ required }) => required !== true);
    expect(optional.some(({ schema }) => schema.examples !== undefined)).toBe(true);
    for (const { name, schema, example } of optional) {
      expect([name, schema.example, example]).toEqual([name, undefined, undefined]);
    }
  });

  it('is not sent again to a client that has it', async () => {
    const { headers } = await send(`${app.url}/openapi.json`);
    const etag = headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(headers.get('cache-control')).toBe('no-cache');
    const request = async (known: string) =>
      (await fetch(`${app.url}/openapi.json`, { headers: { 'if-none-match': known } })).status;
    const statuses = await Promise.all(['"a"', `"a", ${etag}`, `W/${etag}`, '*'].map(request));
    expect(statuses).toEqual([200, 304, 304, 304]);
  });

  it('is shown by files of Swagger UI that are kept for a year, by their version', async () => {
    const { body } = await send<string>(`${app.url}/docs`);
    const files = [...body.matchAll(/"(\/docs\/[\w.-]+)\?v=\d+\.\d+\.\d+"/g)].map(
      ([, path]) => path,
    );
    expect(files).toEqual([
      '/docs/favicon-32x32.png',
      '/docs/swagger-ui.css',
      '/docs/swagger-ui-bundle.js',
    ]);
    const kept = async (path = '') => (await fetch(app.url + path)).headers.get('cache-control');
    expect(await Promise.all(files.map(kept))).toEqual(
      files.map(() => 'public, max-age=31536000, immutable'),
    );
    // Ours have no version in their address.
    expect(await kept('/docs/page.js')).toBe('public, max-age=0');
  });

  it('is shown at /docs', async () => {
    expect((await send<string>(`${app.url}/docs`)).body).toContain('Taskward API');
  });

  it.each(['swagger-ui.js', 'swagger-ui-bundle.js.map', 'package.json', 'index.css', 'LICENSE'])(
    'serves nothing of Swagger UI that the page does not use: %s',
    async (name) => {
      const { status } = await send(`${app.url}/docs/${name}`);
      expect(status).toBe(404);
    },
  );

  it.each([
    '/docs',
    '/docs/',
    '/docs/index.html',
    '/docs/swagger-ui.css',
    '/docs/page.css',
    '/docs/page.js',
    '/docs/swagger-ui-bundle.js',
  ])('names the charset of %s', async (path) => {
    const response = await fetch(`${app.url}${path}`);
    await response.text();
    expect(response.headers.get('content-type')).toMatch(/^\S+\/[^\s;]+; charset=utf-8$/);
  });

  it.each([
    '/docs//',
    '/docs/./',
    '/docs/..%2f',
    '/docs/%2e%2e%2fpackage.json',
    '/docs/%00',
    '/docs/x',
  ])('lists no directory, and has nothing at %s', async (path) => {
    const [response] = parseResponses(
      await speak(app.url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    expect(response).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
  });
});

it('leads from / to the docs', async () => {
  const { status, headers } = await send(`${app.url}/`);
  expect([status, headers.get('location')]).toEqual([302, '/docs']);
});
