import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { contract, type Exchange } from '../support/openapi.js';

const ID = '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90';
const URL_OF_TASK = `http://localhost/api/v1/tasks/${ID}`;
const TASK = {
  id: ID,
  title: 'Buy milk',
  description: null,
  completed: false,
  completedAt: null,
  priority: 'none',
  due: null,
  tags: ['home'],
  createdAt: '2026-11-20T17:29:00.000Z',
  updatedAt: '2026-11-20T17:29:00.000Z',
  listId: null,
  parentId: null,
  recurrence: null,
  seriesId: null,
  position: 'a0',
  version: 1,
};
const SESSION = {
  id: 'a',
  token: 'a',
  userId: 'a',
  ipAddress: null,
  userAgent: null,
  createdAt: TASK.createdAt,
  updatedAt: TASK.createdAt,
  expiresAt: TASK.createdAt,
};
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'x-request-id': 'a',
  'cache-control': 'private, no-cache',
  etag: '"1"',
};
const PROBLEM = {
  type: 'urn:taskward:problem:task_not_found',
  title: 'The task was not found',
  status: 404,
  detail: 'There is no task with this id.',
  instance: `/api/v1/tasks/${ID}`,
  code: 'task_not_found',
  requestId: 'a',
};
const PROBLEM_HEADERS = { ...HEADERS, 'content-type': 'application/problem+json' };

interface Change extends Partial<Omit<Exchange, 'headers'>> {
  readonly headers?: Record<string, string>;
}

/** Returns the result of checking a task response with one change. */
const verify = ({ headers = HEADERS, ...change }: Change = {}) => {
  contract.verify({
    method: 'GET',
    url: URL_OF_TASK,
    status: 200,
    body: TASK,
    ...change,
    headers: new Headers(headers),
  });
};

const { etag: _, ...withoutEtag } = HEADERS;

describe('the check of every response against openapi.json', () => {
  it.each<{ name: string; change: Change }>([
    { name: 'a task', change: {} },
    { name: 'the same without its body, for HEAD', change: { method: 'HEAD', body: '' } },
    { name: 'a problem', change: { status: 404, body: PROBLEM, headers: PROBLEM_HEADERS } },
    { name: 'no body where there is none', change: { method: 'DELETE', status: 204, body: '' } },
    {
      name: 'an address that is not described',
      change: { url: 'http://localhost/nothing', status: 418 },
    },
    { name: 'a method that is not described', change: { method: 'PROPFIND', status: 405 } },
    {
      name: 'a session',
      change: { url: 'http://localhost/api/auth/list-sessions', body: [SESSION] },
    },
    {
      name: 'what else Better Auth says',
      change: { url: 'http://localhost/api/auth/token', status: 418 },
    },
  ])('takes $name', ({ change }) => {
    expect(() => verify(change)).not.toThrow();
  });

  it.each<{ name: string; change: Change; complaint: RegExp }>([
    {
      name: 'a field of the wrong type',
      change: { body: { ...TASK, version: '1' } },
      complaint: /body\/version must be int/,
    },
    {
      name: 'a field of the wrong format',
      change: { body: { ...TASK, id: 'a' } },
      complaint: /must match format "uuid"/,
    },
    {
      name: 'a missing field',
      change: { body: { id: ID } },
      complaint: /must have required property 'title'/,
    },
    {
      name: 'a field too many',
      change: { body: { ...TASK, ownerId: 'a' } },
      complaint: /must NOT have additional prop/,
    },
    {
      name: 'a field too many further in',
      change: {
        url: 'http://localhost/api/v1/tasks',
        body: { data: [{ ...TASK, ownerId: 'a' }], nextCursor: null },
      },
      complaint: /body\/data\/0 must NOT have additional prop/,
    },
    { name: 'a text for JSON', change: { body: 'a' }, complaint: /body must be object/ },
    {
      name: 'another media type',
      change: { headers: { ...HEADERS, 'content-type': 'text/html' } },
      complaint: /text\/html/,
    },
    {
      name: 'no media type',
      change: { headers: { etag: '"1"', 'cache-control': 'a', 'x-request-id': 'a' } },
      complaint: /none/,
    },
    {
      name: 'a missing header',
      change: { headers: withoutEtag },
      complaint: /the header ETag is missing/,
    },
    {
      name: 'a status not described',
      change: { status: 418 },
      complaint: /418 of GET \/api\/v1\/tasks\/\{id\}.*status/,
    },
    {
      name: 'a body where there is none',
      change: { method: 'DELETE', status: 204 },
      complaint: /a body is not described/,
    },
    { name: 'a body for HEAD', change: { method: 'HEAD' }, complaint: /HEAD has no body/ },
    {
      name: 'a code not described',
      change: { status: 404, body: { ...PROBLEM, code: 'rate_limited' }, headers: PROBLEM_HEADERS },
      complaint: /the code rate_limited is not described/,
    },
    {
      name: 'a member of an account too many',
      change: {
        url: 'http://localhost/api/auth/list-sessions',
        body: [{ ...SESSION, secret: 'a' }],
      },
      complaint: /body\/0 must NOT have additional prop/,
    },
    {
      name: 'a refusal of Better Auth in another form',
      change: { url: 'http://localhost/api/auth/token', status: 401, body: {} },
      complaint: /must have required property 'message'/,
    },
  ])('refuses $name', ({ change, complaint }) => {
    expect(() => verify(change)).toThrow(complaint);
  });

  it('holds a fixed address against its own description, not a template’s', () => {
    const url = 'http://localhost/api/v1/tasks/batch';
    expect(() => verify({ url, method: 'POST' })).toThrow(/POST \/api\/v1\/tasks\/batch/);
  });
});

describe('the client of the tests', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(200, { ...HEADERS }).end(JSON.stringify({ status: 'well' }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    server.close();
  });

  it('checks what it receives', async () => {
    await expect(send(`${url}/health/live`)).rejects.toThrow(/body\/status must be equal to one/);
  });
});
