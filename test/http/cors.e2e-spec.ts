import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { send, type TestUser } from '../support/client.js';
import { expectProblem } from '../support/problem.js';
import { parseResponses, speak, type WireResponse } from '../support/raw.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const ORIGIN = 'https://app.example.org';
const OTHER = 'https://other.example.org';
const TASKS = '/api/v1/tasks';

const app = useApp({ ...SECRET_MODE, TRUSTED_ORIGINS: ORIGIN, REQUEST_TIMEOUT: '1s' });
let ada: TestUser;
beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

const call = (method: string, path: string, headers: Record<string, string> = {}) =>
  send(app.url + path, { method, headers: { origin: ORIGIN, ...headers } });

const preflight = (path: string, origin = ORIGIN) =>
  fetch(app.url + path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization, if-match',
    },
  });

const allowedOf = ({ headers }: { headers: Headers }) => headers.get('access-control-allow-origin');

describe('a page of a trusted origin', () => {
  it('may read responses, the headers of ours included', async () => {
    const { status, headers } = await call('GET', TASKS, { authorization: `Bearer ${ada.token}` });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, ORIGIN]);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-expose-headers')).toContain('ETag');
    expect(headers.get('vary')).toContain('Origin');
  });

  it('gets responses to its preflights, valid for two hours', async () => {
    const response = await preflight(`${TASKS}/x`);
    expect([response.status, allowedOf(response)]).toEqual([204, ORIGIN]);
    expect(response.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization, if-match');
    expect(response.headers.get('access-control-max-age')).toBe('7200');
    expect(response.headers.get('x-request-id')).toMatch(/\S/);
  });

  it('is the only one that may', async () => {
    expect(allowedOf(await preflight(TASKS, OTHER))).toBeNull();
    const { headers } = await call('GET', TASKS, { origin: OTHER });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('vary')).toContain('Origin');
  });
});

describe('an address, where there are trusted origins,', () => {
  it.each(['/nope', '/api/v1/nope', '/api/auth/nope', '/docs/nope', '/health'])(
    'that leads nowhere is a 404 problem whatever the method: %s',
    async (path) => {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
        const response = await call(method, path);
        const shown = path.startsWith('/api/auth') ? '/api/auth/*' : path;
        expectProblem(response, 404, 'route_not_found', shown);
        expect(allowedOf(response)).toBe(ORIGIN);
      }
    },
  );

  it.each([
    { name: 'no header at all', headers: {} },
    { name: 'an origin alone', headers: { origin: ORIGIN } },
    { name: 'a method alone', headers: { 'access-control-request-method': 'GET' } },
  ])(
    'lists the methods for an OPTIONS that is not a preflight, with $name',
    async ({ headers }) => {
      const response = await send(app.url + TASKS, { method: 'OPTIONS', headers });
      expectProblem(response, 405, 'method_not_allowed', TASKS);
      expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
    },
  );
});

describe('a request that is refused before it is a request', () => {
  const said = async (bytes: string): Promise<WireResponse | undefined> =>
    parseResponses(await speak(app.url, bytes))[0];
  const head = (line: string, ...more: string[]) =>
    [`${line} HTTP/1.1`, 'Host: x', `Origin: ${ORIGIN}`, 'Connection: close', ...more, '', ''].join(
      '\r\n',
    );

  it.each<{ name: string; status: number; bytes: () => string }>([
    { name: 'a wrong escape in the address', status: 400, bytes: () => head(`GET ${TASKS}/%zz`) },
    { name: 'two hosts', status: 400, bytes: () => head(`GET ${TASKS}`, 'Host: y') },
    { name: 'a header that is none', status: 400, bytes: () => head(`GET ${TASKS}`, 'a header') },
    {
      name: 'headers that are too large',
      status: 431,
      bytes: () => head(`GET ${TASKS}`, `X: ${'x'.repeat(20_000)}`),
    },
    {
      name: 'a wrong chunk',
      status: 400,
      bytes: () => `${head(`POST ${TASKS}`, 'Transfer-Encoding: chunked')}zz\r\n`,
    },
    {
      name: 'a body that does not come',
      status: 408,
      bytes: () => head(`POST ${TASKS}`, 'Content-Length: 9'),
    },
  ])('can be read by the page that sent it: $name', async ({ status, bytes }) => {
    const response = await said(bytes());
    expect(response?.status).toBe(status);
    expect(response?.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(response?.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  });

  it('cannot be read by another page', async () => {
    const response = await said(head(`GET ${TASKS}/%zz`).replace(ORIGIN, OTHER));
    expect(response?.status).toBe(400);
    expect(response?.headers.get('access-control-allow-origin')).toBeNull();
  });
});
