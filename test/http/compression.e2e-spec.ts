import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const ORIGIN = 'https://app.example.org';

const app = useApp({ ...SECRET_MODE, TRUSTED_ORIGINS: ORIGIN });
let ada: TestUser;
let large: TaskDto;
beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
  large = await ada.create({ description: 'many words '.repeat(900).trim() });
  for (let n = 0; n < 10; n += 1) await ada.create({ description: 'a task '.repeat(200).trim() });
});

/** Sends a request as a client that does not decode responses itself. */
async function fetchRaw(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const sent = request(app.url + path, {
    method,
    headers: { authorization: `Bearer ${ada.token}`, ...headers },
  }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, bytes: await buffer(response) };
}

const titles = (bytes: Buffer) =>
  (JSON.parse(bytes.toString()) as TaskPageDto).data.map(({ id }) => id);

describe('a large response', () => {
  it.each([
    ['gzip', 'gzip', gunzipSync],
    ['br', 'gzip, br', brotliDecompressSync],
  ] as const)('is compressed on request by %s', async (coding, accepted, decode) => {
    const plain = await fetchRaw('/api/v1/tasks');
    const { headers, bytes } = await fetchRaw('/api/v1/tasks', { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(coding);
    expect(headers.vary).toMatch(/accept-encoding/i);
    expect(bytes.length).toBeLessThan(plain.bytes.length / 4);
    expect(titles(decode(bytes))).toEqual(titles(plain.bytes));
  });

  it('keeps its strong entity tag, by which it is not sent again, and may be changed', async () => {
    const path = `/api/v1/tasks/${large.id}`;
    const accepting = { 'accept-encoding': 'gzip' };
    const { headers } = await fetchRaw(path, accepting);
    expect([headers['content-encoding'], headers.etag]).toEqual(['gzip', '"1"']);
    const again = await fetchRaw(path, { ...accepting, 'if-none-match': '"1"' });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    const changed = await ada.api(`/tasks/${large.id}`, {
      method: 'PATCH',
      headers: { 'if-match': headers.etag ?? '' },
      json: { priority: 'high' },
    });
    expect(changed.status).toBe(200);
  });

  it('goes on varying by origin', async () => {
    const { headers } = await fetchRaw('/api/v1/tasks', {
      origin: ORIGIN,
      'accept-encoding': 'gzip',
    });
    expect(headers.vary).toMatch(/origin/i);
    expect(headers['access-control-allow-origin']).toBe(ORIGIN);
  });

  it.each([{}, { 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip;q=0' }])(
    'is not compressed without a request for it: %j',
    async (headers) => {
      const response = await fetchRaw('/api/v1/tasks', headers);
      expect(response.headers['content-encoding']).toBeUndefined();
      expect(Number(response.headers['content-length'])).toBe(response.bytes.length);
    },
  );

  it('may be the description, and a file of the docs', async () => {
    for (const path of ['/openapi.json', '/docs/swagger-ui.css']) {
      const { status, headers } = await fetchRaw(path, { 'accept-encoding': 'gzip' });
      expect([path, status, headers['content-encoding']]).toEqual([path, 200, 'gzip']);
    }
  });
});

describe('Vary', () => {
  const varyOf = async (...parameters: Parameters<typeof fetchRaw>) => {
    const { status, headers } = await fetchRaw(...parameters);
    return [status, headers.vary];
  };

  it.each([
    { name: 'a page', path: () => '/api/v1/tasks', status: 200 },
    { name: 'a short page', path: () => '/api/v1/tasks?limit=1', status: 200 },
    { name: 'a large task', path: () => `/api/v1/tasks/${large.id}`, status: 200 },
    { name: 'openapi.json', path: () => '/openapi.json', status: 200 },
    { name: 'a file of the docs', path: () => '/docs/swagger-ui.css', status: 200 },
    { name: 'an error', path: () => '/api/v1/tasks?limit=0', status: 400 },
  ])('names Accept-Encoding for $name, compressed or not', async ({ path, status }) => {
    const vary = expect.stringMatching(
      /^(?=.*\bOrigin\b)(?!.*encoding.*encoding).*\baccept-encoding\b/,
    );
    for (const accepted of ['gzip', 'identity']) {
      expect(await varyOf(path(), { 'accept-encoding': accepted })).toEqual([status, vary]);
      expect(await varyOf(path(), { 'accept-encoding': accepted }, 'HEAD')).toEqual([status, vary]);
    }
  });

  it('is in a 304 what it is in a 200', async () => {
    for (const path of [`/api/v1/tasks/${large.id}`, '/openapi.json', '/docs/swagger-ui.css']) {
      const [, vary] = await varyOf(path);
      expect(vary).toMatch(/accept-encoding/);
      expect(await varyOf(path, { 'if-none-match': '*' })).toEqual([304, vary]);
    }
  });

  it('does not name it for responses that are never compressed', async () => {
    expect(await varyOf('/api/v1/me', { 'accept-encoding': 'gzip' })).toEqual([200, 'Origin']);
  });
});

it('a small response is not compressed, nor one with a token in it', async () => {
  for (const path of ['/api/v1/tasks?limit=1', '/api/v1/me']) {
    const { headers } = await fetchRaw(path, { 'accept-encoding': 'gzip, br' });
    expect([path, headers['content-encoding']]).toEqual([path, undefined]);
  }
});

it('a compressed body is refused as before', async () => {
  const response = await fetch(`${app.url}/api/v1/tasks`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ada.token}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    },
    body: '{"title":"a"}',
  });
  expect(response.status).toBe(415);
});
