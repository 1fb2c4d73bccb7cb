import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { send, type TestUser } from '../support/client.js';
import { createDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { Instances } from '../support/instances.js';
import { parseMetrics } from '../support/metrics.js';
import { Nginx } from '../support/nginx.js';
import { parseResponses, speak } from '../support/raw.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

/** docker/nginx.conf, in front of three processes. */

let instances: Instances;
let ada: TestUser;

beforeAll(async () => {
  const DATABASE_URL = await createDatabase();
  instances = await Instances.start({ ...SECRET_MODE, DATABASE_URL, RATE_LIMIT: 'off' });
});
afterAll(async () => {
  await instances.close();
});
beforeEach(async () => {
  ada = await mintUser(instances.url, `ada ${crypto.randomUUID()}`);
});

const withText = (text: string) => ada.create({ description: text });

/** The responses of each instance to requests of tasks. */
const countTasks = () =>
  Promise.all(
    instances.urls.map(async (url) => {
      const metrics = parseMetrics(await (await fetch(`${url}/metrics`)).text());
      const durations = metrics.find(({ name }) => name === 'http_request_duration_seconds');
      const counts = (durations?.samples ?? []).filter(
        ({ name, labels }) => name.endsWith('_count') && labels['route']?.includes('/tasks'),
      );
      return counts.reduce((sum, { value }) => sum + value, 0);
    }),
  );

describe('a request', () => {
  it('goes to each instance in turn', async () => {
    const before = await countTasks();
    for (let n = 0; n < 12; n += 1) expect((await ada.api('/tasks')).status).toBe(200);
    const more = (await countTasks()).map((count, n) => count - (before[n] ?? 0));
    expect(more).toEqual([4, 4, 4]);
  });

  it('has the path as it was sent', async () => {
    for (const path of ['/api//v1/tasks', '/api/v1/../v1/tasks', '/api/v1/tasks%2f1']) {
      const responses = await Promise.all(
        [instances.url, ...instances.urls.slice(0, 1)].map((url) =>
          speak(url, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
        ),
      );
      const lines = responses.map((text) => text.split('\r\n')[0]);
      expect(lines[0]).toBe(lines[1]);
    }
  });

  it('may be as large as an instance accepts, and gets its refusal beyond', async () => {
    const text = 'x'.repeat(300_000);
    const response = await ada.api('/tasks', { method: 'POST', json: { title: text } });
    expect([response.status, response.body.code]).toEqual([413, 'payload_too_large']);
    const operations = Array.from({ length: 30 }, () => ({
      op: 'create',
      task: { title: 'large', description: 'é'.repeat(9_000) },
    }));
    const batch = await ada.api('/tasks/batch', { method: 'POST', json: { operations } });
    expect(batch.status).toBe(200);
    const refused = [
      await ada.api('/tasks', { headers: { 'x-filling': 'x'.repeat(20_000) } }),
      await ada.api(`/tasks?q=${'x'.repeat(50_000)}`),
    ];
    expect(refused.map(({ body }) => body.code)).toEqual(Array(2).fill('headers_too_large'));
  });
});

describe('a path of nginx itself', () => {
  it.each(['GET', 'DELETE'])('is one that Taskward does not know, for %s', async (method) => {
    const { status, body } = await send(`${instances.url}/nginx/unavailable`, { method });
    expect([status, body.code, body.instance]).toEqual([
      404,
      'route_not_found',
      '/nginx/unavailable',
    ]);
  });
});

describe('a response', () => {
  it('keeps its strong ETag, compressed or not', async () => {
    const { id } = await withText('word '.repeat(1_900));
    for (const encoding of ['gzip', 'br', 'identity']) {
      const response = await fetch(`${instances.url}/api/v1/tasks/${id}`, {
        headers: { authorization: `Bearer ${ada.token}`, 'accept-encoding': encoding },
      });
      expect(response.headers.get('etag')).toBe('"1"');
      expect(response.headers.get('content-encoding') ?? 'identity').toBe(encoding);
      expect(((await response.json()) as TaskDto).description).toHaveLength(9_500);
    }
    const headers = { 'if-match': '"1"' };
    const changed = await ada.api(`/tasks/${id}`, {
      method: 'PATCH',
      headers,
      json: { title: 'b' },
    });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    const read = await ada.api(`/tasks/${id}`, { headers: { 'if-none-match': '"2"' } });
    expect(read.status).toBe(304);
  });

  it('names the address of nginx in its links', async () => {
    for (let n = 0; n < 3; n += 1) await ada.create();
    const { headers } = await ada.api('/tasks?limit=1');
    expect(headers.get('link')).toContain(`<${instances.url}/api/v1/tasks?`);
  });

  it('has no metrics, as each request was forwarded', async () => {
    expect((await send(`${instances.url}/metrics`)).status).toBe(404);
  });
});

describe('a request that nginx refuses itself', () => {
  it.each([
    {
      name: 'with two Host headers',
      head: 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
      status: 400,
      code: 'malformed_request',
    },
    {
      name: 'of the method TRACE',
      head: 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n',
      status: 405,
      code: 'method_not_allowed',
    },
    {
      name: 'without a method',
      head: ' / HTTP/1.1\r\nHost: a\r\n\r\n',
      status: 400,
      code: 'malformed_request',
    },
    {
      name: 'with NUL in its path',
      head: 'GET /api/v1/tasks/%00 HTTP/1.1\r\nHost: a\r\n\r\n',
      status: 400,
      code: 'malformed_request',
    },
    {
      name: 'with a URL of 100 kB',
      head: `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      status: 431,
      code: 'headers_too_large',
    },
    {
      name: 'with a header of 100 kB',
      head: `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
      status: 431,
      code: 'headers_too_large',
    },
  ])('gets a problem: one $name', async ({ head, status, code }) => {
    const [response] = parseResponses(await speak(instances.url, head));
    expect(response?.headers.get('content-type')).toBe('application/problem+json');
    const requestId = response?.headers.get('x-request-id');
    expect(response?.body).toMatchObject({ status, code, requestId });
    expect(response?.status).toBe(status);
  });
});

/** A server in place of an instance, which ends each connection once it has the request. */
async function startFailing() {
  const requests: string[] = [];
  const server = createServer((request) => {
    requests.push(request.method ?? '');
    request.socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${String(port)}`), requests, server };
}

describe('when instances end', () => {
  const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
  let nginx: Nginx;
  let folder: string;
  let failing: Awaited<ReturnType<typeof startFailing>>[];
  let closedPort: number;

  beforeAll(async () => {
    failing = [await startFailing(), await startFailing()];
    closedPort = await freePort();
  });
  afterAll(() => {
    for (const { server } of failing) server.close();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taskward-nginx-'));
    nginx = await Nginx.create();
    for (const { requests } of failing) requests.length = 0;
  });
  afterEach(async () => {
    await nginx.stop();
    await rm(folder, { recursive: true });
  });

  const request = (method: string) =>
    send(`${nginx.url}/api/v1/tasks`, { method, ...(method.startsWith('P') && { json: {} }) });

  it.each(METHODS.map((method) => ({ method, times: /^[GHO]/.test(method) ? 2 : 1 })))(
    'while they respond, a $method is sent $times times, and gets 503 with Retry-After',
    async ({ method, times }) => {
      await nginx.start(
        failing.map(({ url }) => url),
        folder,
      );
      const { status, headers } = await request(method);
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
      expect(failing.flatMap(({ requests }) => requests)).toEqual(Array(times).fill(method));
    },
  );

  it.each(METHODS.filter((method) => !/^[PD][UE]/.test(method)))(
    'before they have it, a %s goes to another instance',
    async (method) => {
      const closed = new URL(`http://127.0.0.1:${String(closedPort)}`);
      await nginx.start([closed, ...instances.urls.slice(0, 1).map((url) => new URL(url))], folder);
      for (let n = 0; n < 4; n += 1) expect((await request(method)).status).not.toBe(503);
    },
  );
});
