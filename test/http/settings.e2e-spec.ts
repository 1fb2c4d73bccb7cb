import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseEnv } from '../../src/config/env.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { startApp, type TestApp } from '../support/app.js';
import { type ApiResponse, send, userWith } from '../support/client.js';
import { BETTER_AUTH_SECRET, cookieOf, newAddress, PASSWORD } from '../support/identity.js';
import { Collector } from '../support/otlp-collector.js';
import { RedisServer } from '../support/redis.js';
import { linkIn, MailServer } from '../support/smtp.js';

/** Settings that change what the program does, each to other than its default. */
const OPTIONAL = {
  PUBLIC_URL: 'https://tasks.example.org',
  TRUSTED_ORIGINS: 'https://app.example.org,https://other.example.org',
  TRUST_PROXY: 'loopback',
  BETTER_AUTH_SECRET_PREVIOUS: 'p7Vn2Lq9Xc4Rk8Tw1Zb6Jm3Hs5Gd0FaE',
  AUTH_AUDIENCE: 'tasks',
  AUTH_TOKEN_TTL: '10m',
  KEY_ROTATION_DAYS: '1',
  MAIL_FROM: 'Tasks <tasks@example.org>',
  DATABASE_CONNECT_TIMEOUT: '4s',
  DATABASE_STATEMENT_TIMEOUT: '9s',
  DATABASE_IDLE_IN_TRANSACTION_TIMEOUT: '9s',
  DATABASE_POOL_SIZE: '3',
  REQUEST_TIMEOUT: '20s',
  BODY_LIMIT: '128kb',
  HEADER_LIMIT: '12kb',
  RATE_LIMIT_PER_MINUTE: '5000',
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '5000',
  MAX_CONCURRENT_PER_USER: '1',
  QUOTA_TASKS: '1000',
  QUOTA_MEGABYTES: '1',
  TRASH_RETENTION_DAYS: '1',
  HISTORY_RETENTION_DAYS: '1',
  REQUIRE_IF_MATCH: 'true',
  LOG_FORMAT: 'pretty',
};

/** Variables that another test is about, or that make another program of it. */
const ELSEWHERE = [
  'NODE_ENV',
  'HOST',
  'PORT',
  'DATA_DIR',
  'LOG_LEVEL',
  'DATABASE_URL',
  'DATABASE_API_URL',
  'DATABASE_IDENTITY_URL',
  'AUTH_MODE',
  'AUTH_JWKS_URL',
  'AUTH_ISSUER',
  'BETTER_AUTH_SECRET',
  'REDIS_URL',
  'SMTP_URL',
  'RATE_LIMIT',
  'METRICS_HOST',
  'METRICS_PORT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
];

let redis: RedisServer;
let mail: MailServer;
let collector: Collector;
beforeAll(async () => {
  redis = await RedisServer.create();
  await redis.start();
  mail = await new MailServer().start();
  collector = await new Collector().start();
});
afterAll(async () => {
  await mail.stop();
  await collector.stop();
  await redis.kill();
});

/** Calls a route of Better Auth as a client that is no browser: its origin is not that of every setting. */
const callAuth = <T = object>(url: string, path: string, json?: object, cookie = '') =>
  send<T>(`${url}/api/auth${path}`, {
    method: json === undefined ? 'GET' : 'POST',
    headers: { ...(cookie && { cookie }) },
    json,
  });

/** Signs up, verifies the address where mail is sent, and signs in. */
async function signUp(url: string, isMailed: boolean) {
  const email = newAddress();
  const up = await callAuth(url, '/sign-up/email', { name: 'Ada', email, password: PASSWORD });
  expect(up.status).toBe(200);
  if (isMailed) {
    const link = new URL(linkIn(await mail.mailTo(email)));
    await fetch(url + link.pathname + link.search, { redirect: 'manual' });
  }
  const response = await callAuth(url, '/sign-in/email', { email, password: PASSWORD });
  const cookie = cookieOf(response);
  const { body } = await callAuth<{ token: string }>(url, '/token', undefined, cookie);
  return userWith(url, { id: '', email, cookie, token: body.token });
}

/** Returns the parts of a response that do not depend on the user or the time. */
function shown({ status, headers, body }: ApiResponse<unknown>) {
  const { code, data } = (typeof body === 'object' && body ? body : {}) as {
    code?: string;
    data?: unknown[];
  };
  return {
    status,
    code,
    members: typeof body === 'object' && body ? Object.keys(body).sort() : body,
    tasks: data?.length,
    headers: ['content-type', 'etag', 'allow', 'cache-control', 'www-authenticate'].map((name) =>
      headers.get(name),
    ),
  };
}

/**
 * Requests everything that is described, and paths that do not exist; every response is compared
 * with openapi.json.
 */
async function walk({ url }: TestApp, isMailed: boolean) {
  const responses: [string, ReturnType<typeof shown>][] = [];
  const note = <T>(title: string, response: ApiResponse<T>): T => {
    responses.push([title, shown(response)]);
    return response.body;
  };
  const ada = await signUp(url, isMailed);
  const ifMatch = (version: number) => ({ 'if-match': `"${String(version)}"` });

  const { id } = note(
    'create',
    await ada.api<TaskDto>('/tasks', {
      method: 'POST',
      json: { title: 'Buy milk', tags: ['home'], due: '2026-12-01' },
      headers: { 'idempotency-key': 'key-1' },
    }),
  );
  note('get', await ada.api(`/tasks/${id}`));
  note('list', await ada.api('/tasks?limit=1&count=true&q=milk&tags=home&sort=-due'));
  const path = `/tasks/${id}`;
  const edit = (title: string, method: string, at: string, version: number, json?: object) =>
    ada
      .api(at, { method, headers: ifMatch(version), ...(json && { json }) })
      .then((response) => note(title, response));
  await edit('patch', 'PATCH', path, 1, { title: 'Buy oat milk' });
  await edit('stale patch', 'PATCH', path, 1, { title: 'Buy rice' });
  await edit('put', 'PUT', path, 2, { title: 'Buy tea' });
  await edit('complete', 'PATCH', `${path}/complete`, 3);
  await edit('toggle', 'PATCH', `${path}/toggle`, 4);
  await edit('invalid patch', 'PATCH', path, 5, { title: '' });
  await edit('delete', 'DELETE', path, 5);
  note('trash', await ada.api('/tasks?trashed=true'));
  await edit('restore', 'POST', `${path}/restore`, 6);
  const operations = [
    { op: 'create', task: { title: 'a' } },
    { op: 'update', id, patch: { title: 'b' }, ifMatch: '"7"' },
  ];
  note('batch', await ada.api('/tasks/batch', { method: 'POST', json: { operations } }));
  note('me', await ada.api('/me'));

  for (const [method, address] of [
    ['GET', '/health/live'],
    ['GET', '/health/ready'],
    ['GET', '/docs'],
    ['GET', '/docs/nope'],
    ['GET', '/nope'],
    ['POST', '/nope'],
    ['OPTIONS', '/nope'],
    ['OPTIONS', '/api/v1/tasks'],
    ['PUT', '/api/v1/tasks'],
    ['GET', '/api/v1/nope'],
    ['GET', '/api/v1/tasks'],
    ['HEAD', '/api/v1/tasks'],
    ['GET', '/api/auth/nope'],
    ['PUT', '/api/auth/sign-in/email'],
    ['GET', '/api/auth/jwks'],
    ['HEAD', '/api/auth/get-session'],
    ['GET', '/api/v1/tasks/nope'],
    ['GET', '/api/v1/tasks?nope=1'],
    ['POST', '/api/v1/tasks'],
  ] as const) {
    note(`${method} ${address}`, await send(url + address, { method }));
  }
  note('sign-out', await callAuth(url, '/sign-out', {}, ada.cookie));
  return responses;
}

it('all optional settings together change no response of the contract', async () => {
  const plain = await startApp();
  const expected = await walk(plain, false).finally(plain.close);
  const other = await startApp({
    ...OPTIONAL,
    RATE_LIMIT: 'on',
    REDIS_URL: redis.url,
    SMTP_URL: mail.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  const found = await walk(other, true).finally(other.close);
  expect(expected.filter(([, { status }]) => status >= 500)).toEqual([]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  expect(collector.spans.length).toBeGreaterThan(found.length);
});

it('every variable of .env.example is set here, or left to another test', async () => {
  const example = await readFile(join(import.meta.dirname, '../../.env.example'), 'utf8');
  const names = [...example.matchAll(/^#?([A-Z_]+)=/gm)];
  const known = new Set([...Object.keys(OPTIONAL), ...ELSEWHERE]);
  expect(names.map(([, name]) => name).filter((name) => !known.has(name ?? ''))).toEqual([]);
});

it.each(Object.entries(OPTIONAL))('%s is set to other than its default', (name, value) => {
  const valueOf = (variables: Record<string, string>) =>
    Object.entries(parseEnv({ BETTER_AUTH_SECRET, ...variables })).find(([key]) => key === name);
  expect(valueOf({ [name]: value })).not.toEqual(valueOf({}));
});
