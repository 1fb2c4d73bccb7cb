import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { globSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PAGES } from '../../src/web/serve-web.js';
import { startApp, type TestApp, useApp } from '../support/app.js';
import { send } from '../support/client.js';
import { expectProblem } from '../support/problem.js';

const HTML = '<!doctype html><title>Taskward</title><div id="root"></div>';
const SCRIPT = `console.log(${JSON.stringify('milk '.repeat(500))});`;
const SCRIPT_PATH = '/assets/index-Bx3kq9Zd.js';
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** A build of a web client, as `npm run build:web` leaves it. */
const FILES: Record<string, string | Buffer> = {
  'index.html': HTML,
  '.build': 'digest',
  [SCRIPT_PATH]: SCRIPT,
  [`${SCRIPT_PATH}.br`]: brotliCompressSync(SCRIPT),
  [`${SCRIPT_PATH}.gz`]: gzipSync(SCRIPT),
  'assets/index-B1.css': 'body{}',
  'sw.js': 'addEventListener("fetch", () => {});',
  'manifest.webmanifest': '{"name":"Taskward"}',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
};

let root: string;
let app: TestApp;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taskward-web-'));
  await mkdir(join(root, 'assets'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(root, name), content);
  app = await startApp(
    { RATE_LIMIT: 'on', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '30' },
    { webRoot: root },
  );
});
afterAll(async () => {
  await app.close();
  await rm(root, { recursive: true, force: true });
});

/** Returns a response with its body as it was sent. */
function raw(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>(
    (resolve, reject) => {
      const sent = request(app.url + path, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => {
            const { statusCode: status = 0, headers: received } = response;
            resolve({ status, headers: received, body: Buffer.concat(chunks) });
          });
      });
      sent.on('error', reject).end();
    },
  );
}

describe('a page of the web client', () => {
  it.each(PAGES)('is the same document: %s', async (path) => {
    const { status, headers, body } = await raw(`${path}?q=milk`);
    expect([status, body.toString()]).toEqual([200, HTML]);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-cache');
  });

  it('is sent again only when it has changed', async () => {
    const { headers } = await raw('/');
    expect(headers['etag']).toMatch(/^"[\w-]{43}"$/);
    const again = await raw('/', { 'if-none-match': `"x", W/${String(headers['etag'])}` });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
  });

  it('runs scripts and styles of its origin alone, and is framed by nobody', async () => {
    const { headers } = await raw('/sign-in');
    expect(String(headers['content-security-policy']).split(';')).toEqual([
      "default-src 'none'",
      "base-uri 'none'",
      "connect-src 'self'",
      "font-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      "style-src 'self'",
      "manifest-src 'self'",
      "require-trusted-types-for 'script'",
      'trusted-types default',
    ]);
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
    });
  });

  it('is there for each route of web/src, and no other', () => {
    const sources = globSync('web/src/**/routes.tsx').map((path) => readFileSync(path, 'utf8'));
    const routes = sources.flatMap((text) =>
      Array.from(text.matchAll(/\bpath: '([^']+)'/g), ([, path = '']) => path),
    );
    expect(routes.length).toBeGreaterThan(3);
    expect([...new Set(['/', ...routes])].sort()).toEqual([...PAGES].sort());
  });
});

describe('a file of the web client', () => {
  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate', 'gzip'],
    ['gzip;q=1, br;q=0', 'gzip'],
    ['identity', undefined],
  ])('is sent as it was compressed before: Accept-Encoding %s', async (accepted, encoding) => {
    const { headers, body } = await raw(SCRIPT_PATH, { 'accept-encoding': accepted });
    const stored = { br: `${SCRIPT_PATH}.br`, gzip: `${SCRIPT_PATH}.gz` }[encoding ?? ''];
    expect(body).toEqual(Buffer.from(FILES[stored ?? SCRIPT_PATH] ?? ''));
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['content-type']).toMatch(/^(text|application)\/javascript; charset=utf-8$/);
    expect(headers['vary']).toMatch(/accept-encoding/i);
  });

  it.each([
    [SCRIPT_PATH, IMMUTABLE],
    ['/assets/index-B1.css', IMMUTABLE],
    ['/sw.js', 'no-cache'],
    ['/manifest.webmanifest', 'no-cache'],
    ['/icon.svg', 'no-cache'],
  ])('is cached for ever only if its name changes with it: %s', async (path, expected) => {
    const { status, headers } = await raw(path);
    expect([status, headers['cache-control']]).toEqual([200, expected]);
    const etag = String(headers['etag']);
    expect((await raw(path, { 'if-none-match': etag })).status).toBe(304);
  });

  it('lets a service worker fetch from its origin', async () => {
    const { headers } = await raw('/sw.js');
    expect(headers['content-security-policy']).toContain("connect-src 'self'");
  });

  it.each(['/', '/sign-in', SCRIPT_PATH])('has HEAD, and no other method: %s', async (path) => {
    const head = await send(app.url + path, { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, '']);
    const { status, headers } = await send(app.url + path, { method: 'POST', json: {} });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it.each([
    '/index.html',
    `${SCRIPT_PATH}.br`,
    '/.build',
    '/assets',
    '/assets/',
    '/assets/gone-Bx3kq9Zd.js',
    '/assets/../index.html',
    '/assets/%2e%2e/index.html',
    '/..%2fpackage.json',
    '/unknown',
    '/sign-in/x',
    '/api/v1/unknown',
  ])('is none of the others: %s', async (path) => {
    const response = await raw(path);
    expect(response.status).toBe(404);
    expect(JSON.parse(response.body.toString())).toMatchObject({ code: 'route_not_found' });
  });
});

describe('the rate limit', () => {
  it('does not count the web client, and counts everything else', async () => {
    for (let n = 0; n < 40; n++) expect((await raw(n % 2 ? '/' : SCRIPT_PATH)).status).toBe(200);
    const statuses = [];
    for (let n = 0; n < 31; n++) statuses.push((await raw('/openapi.json')).status);
    expect(statuses).toContain(429);
    expect((await raw('/')).status).toBe(200);
  });
});

describe('without a build of the web client', () => {
  const bare = useApp();

  it('leads from / to /docs', async () => {
    const { status, headers } = await send(`${bare.url}/`, {});
    expect([status, headers.get('location')]).toEqual([302, '/docs']);
    expectProblem(await send(`${bare.url}/sign-in`), 404, 'route_not_found', '/sign-in');
  });
});
