import { request } from 'node:http';
import { beforeAll, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

/** Sends what `curl -H "Authorization: …"` sends, with a body for `-d`, and no further header. */
function curl(method: string, path: string, data?: string) {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const headers = {
    authorization: `Bearer ${ada.token}`,
    'user-agent': 'curl/8.0',
    accept: '*/*',
    ...(data !== undefined && { ...form, 'content-length': String(data.length) }),
  };
  return new Promise<{ status: number; allow: string; body: unknown }>((resolve, reject) => {
    const sent = request(`${app.url}/api/v1${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          allow: response.headers.allow ?? '',
          body: text === '' ? undefined : JSON.parse(text),
        });
      });
    });
    sent.on('error', reject).end(data);
  });
}

it.each([
  { method: 'GET', path: '/tasks', status: 200 },
  { method: 'GET', path: '/tasks?trashed=true', status: 200 },
  { method: 'GET', path: '/tasks/:id', status: 200 },
  { method: 'PATCH', path: '/tasks/:id/complete', status: 200 },
  { method: 'DELETE', path: '/tasks/:id', status: 204 },
  { method: 'DELETE', path: '/tasks/:id?permanent=true', status: 204 },
  { method: 'POST', path: '/tasks/:trashed/restore', status: 200 },
])('$method $path needs nothing but a token', async ({ method, path, status }) => {
  const [{ id }, trashed] = [await ada.create(), await ada.create()];
  await ada.api(`/tasks/${trashed.id}`, { method: 'DELETE' });
  const response = await curl(method, path.replace(':id', id).replace(':trashed', trashed.id));
  expect(response.status).toBe(status);
});

it.each([
  { method: 'POST', path: '/tasks' },
  { method: 'PUT', path: '/tasks/:id' },
  { method: 'PATCH', path: '/tasks/:id' },
  { method: 'POST', path: '/tasks/batch' },
])(
  '$method $path says that the body is missing, or of which type it must be',
  async ({ method, path }) => {
    const address = path.replace(':id', (await ada.create()).id);
    const none = await curl(method, address);
    expect([none.status, none.body]).toMatchObject([400, { detail: 'The body is missing.' }]);
    const form = await curl(method, address, '{"title":"x"}');
    expect([form.status, (form.body as ProblemDto).detail]).toEqual([
      415,
      expect.stringMatching(/application\/json, not application\/x-www-form-urlencoded/),
    ]);
  },
);

it.each([
  { method: 'PUT', path: '/tasks', allow: 'GET, HEAD, POST' },
  { method: 'POST', path: '/tasks/:id', allow: 'DELETE, GET, HEAD, PATCH, PUT' },
  { method: 'POST', path: '/tasks/:id/complete', allow: 'PATCH' },
  { method: 'PATCH', path: '/tasks/:id/restore', allow: 'POST' },
  { method: 'GET', path: '/tasks/batch', allow: 'POST' },
])('$method $path lists the allowed methods', async ({ method, path, allow }) => {
  const response = await curl(method, path.replace(':id', (await ada.create()).id));
  expect([response.status, response.allow]).toEqual([405, allow]);
});
