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

describe('the check of every answer against openapi.json', () => {
  it.each<[string, Change]>([
    ['a task', {}],
    ['the same without its body, for HEAD', { method: 'HEAD', body: '' }],
    ['a problem', { status: 404, body: PROBLEM, headers: PROBLEM_HEADERS }],
    ['no body where there is none', { method: 'DELETE', status: 204, body: '' }],
    ['an address that is not described', { url: 'http://localhost/nothing', status: 418 }],
    ['a method that is not described', { method: 'PROPFIND', status: 405 }],
    ['a session', { url: 'http://localhost/api/auth/list-sessions', body: [SESSION] }],
    ['what else Better Auth says', { url: 'http://localhost/api/auth/token', status: 418 }],
  ])('takes %s', (_name, change) => {
    expect(() => verify(change)).not.toThrow();
  });

  it.each<[string, Change, RegExp]>([
    ['a field of the wrong type', { body: { ...TASK, version: '1' } }, /body\/version must be int/],
    ['a field of the wrong format', { body: { ...TASK, id: 'a' } }, /must match format "uuid"/],
    ['a missing field', { body: { id: ID } }, /must have required property 'title'/],
    ['a field too many', { body: { ...TASK, ownerId: 'a' } }, /must NOT have additional prop/],
    [
      'a field too many further in',
      {
        url: 'http://localhost/api/v1/tasks',
        body: { data: [{ ...TASK, ownerId: 'a' }], nextCursor: null },
      },
      /body\/data\/0 must NOT have additional prop/,
    ],
    ['a text for JSON', { body: 'a' }, /body must be object/],
    ['another media type', { headers: { ...HEADERS, 'content-type': 'text/html' } }, /text\/html/],
    [
      'no media type',
      { headers: { etag: '"1"', 'cache-control': 'a', 'x-request-id': 'a' } },
      /none/,
    ],
    ['a missing header', { headers: withoutEtag }, /the header ETag is missing/],
    ['a status not described', { status: 418 }, /418 of GET \/api\/v1\/tasks\/\{id\}.*status/],
    ['a body where there is none', { method: 'DELETE', status: 204 }, /a body is not described/],
    ['a body for HEAD', { method: 'HEAD' }, /HEAD has no body/],
    [
      'a code not described',
      { status: 404, body: { ...PROBLEM, code: 'rate_limited' }, headers: PROBLEM_HEADERS },
      /the code rate_limited is not described/,
    ],
    [
      'a member of an account too many',
      {
        url: 'http://localhost/api/auth/list-sessions',
        body: [{ ...SESSION, secret: 'a' }],
      },
      /body\/0 must NOT have additional prop/,
    ],
    [
      'a refusal of Better Auth in another form',
      { url: 'http://localhost/api/auth/token', status: 401, body: {} },
      /must have required property 'message'/,
    ],
  ])('refuses %s', (_name, change, complaint) => {
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
