import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { TaskListsService } from '../../src/tasks/task-lists.service.js';
import { startApp, useApp } from '../support/app.js';
import { send, type TestUser } from '../support/client.js';
import { callMessage, connect, post } from '../support/mcp.js';
import { increases } from '../support/metrics.js';
import { createToken } from '../support/personal-tokens.js';
import { expectProblem } from '../support/problem.js';
import { claims, mintUser, SECRET_MODE, signWithSecret } from '../support/tokens.js';

const PUBLIC_URL = 'https://tasks.example.org';
const TRUSTED = 'https://ada.example.org';
const METADATA = `resource_metadata="${PUBLIC_URL}/.well-known/oauth-protected-resource"`;
const LIST = callMessage('list_tasks');

const app = useApp({ ...SECRET_MODE, PUBLIC_URL, TRUSTED_ORIGINS: TRUSTED });
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, randomUUID());
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('POST /mcp without a valid token', () => {
  it.each([
    { name: 'no token', headers: {}, code: 'missing_token', challenge: METADATA },
    {
      name: 'a cookie',
      headers: { cookie: 'better-auth.session_token=x' },
      code: 'missing_token',
      challenge: METADATA,
    },
    {
      name: 'a token that is none',
      headers: { authorization: 'Bearer x' },
      code: 'invalid_token',
      challenge: `error="invalid_token", error_description="`,
    },
  ])('is 401 with the address of the metadata: $name', async ({ headers, code, challenge }) => {
    const response = await post(app.url, LIST, { headers });
    expectProblem(response, 401, code, '/mcp');
    const header = response.headers.get('www-authenticate') ?? '';
    expect(header).toContain(`Bearer realm="taskward", ${challenge}`);
    expect(header).toMatch(new RegExp(`, ${METADATA}$`));
  });

  it('is 401 whatever the body is, and wherever it comes from', async () => {
    for (const json of ['{', '[]', '']) {
      const response = await post(app.url, json, { headers: { origin: 'https://evil.example' } });
      expectProblem(response, 401, 'missing_token', '/mcp');
    }
  });

  it('names metadata that lists both scopes and has a resource that contains /mcp', async () => {
    const { body } = await send<Record<string, unknown>>(
      `${app.url}/.well-known/oauth-protected-resource`,
    );
    expect(body).toMatchObject({
      resource: PUBLIC_URL,
      scopes_supported: ['tasks:read', 'tasks:write'],
    });
  });

  it('does not add it to the challenges of the REST API', async () => {
    const { headers } = await send(`${app.url}/api/v1/tasks`);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="taskward"');
  });
});

describe('a problem of the transport', () => {
  it.each(['GET', 'DELETE', 'PUT', 'PATCH'])('%s is 405: there are no sessions', async (method) => {
    const response = await post(app.url, undefined, { token: ada.token, method });
    expectProblem(response, 405, 'method_not_allowed', '/mcp');
    expect(response.headers.get('allow')).toBe('POST');
  });

  it.each([
    { name: 'JSON that is none', json: '{', status: 400, code: 'invalid_json' },
    { name: 'no body', json: '', status: 400, code: 'invalid_json' },
    { name: 'a batch', json: [LIST], status: 422, code: 'validation_failed' },
    { name: 'a member named twice', json: '{"id":1,"id":2}', status: 400, code: 'invalid_json' },
    {
      name: 'another media type',
      json: 'x',
      headers: { 'content-type': 'text/plain' },
      status: 415,
      code: 'unsupported_media_type',
    },
    {
      name: 'no acceptable representation',
      json: LIST,
      headers: { accept: 'text/event-stream' },
      status: 406,
      code: 'not_acceptable',
    },
    {
      name: 'an unknown version of the protocol',
      json: LIST,
      headers: { 'mcp-protocol-version': '1999-01-01' },
      status: 400,
      code: 'invalid_header',
    },
    {
      name: 'a key, which no response is kept for',
      json: LIST,
      headers: { 'idempotency-key': 'k' },
      status: 400,
      code: 'invalid_header',
    },
    {
      name: 'a foreign origin',
      json: LIST,
      headers: { origin: 'https://evil.example' },
      status: 403,
      code: 'untrusted_origin',
    },
    {
      name: 'the origin of a file',
      json: LIST,
      headers: { origin: 'null' },
      status: 403,
      code: 'untrusted_origin',
    },
    {
      name: 'the origin of a rebound address',
      json: LIST,
      headers: { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' },
      status: 403,
      code: 'untrusted_origin',
    },
  ])('$name is $status', async ({ json, headers, status, code }) => {
    const response = await post(app.url, json, { token: ada.token, ...(headers && { headers }) });
    expectProblem(response, status, code, '/mcp');
  });

  it('names an unknown query parameter', async () => {
    const headers = { authorization: `Bearer ${ada.token}` };
    const response = await send(`${app.url}/mcp?user=eve`, { method: 'POST', headers, json: LIST });
    expectProblem(response, 400, 'invalid_parameter', '/mcp');
  });

  it('is a body over the limit', async () => {
    const message = callMessage('create_task', { title: 'x'.repeat(2_000_000) });
    const response = await post(app.url, message, { token: ada.token });
    expectProblem(response, 413, 'payload_too_large', '/mcp');
  });
});

describe('a page of this origin, or a trusted one', () => {
  it.each([PUBLIC_URL, TRUSTED])('is served: %s', async (origin) => {
    const headers = { origin, accept: 'application/json' };
    expect((await post(app.url, LIST, { token: ada.token, headers })).status).toBe(200);
  });

  it('may send the headers of the protocol', async () => {
    const { status, headers } = await send(`${app.url}/mcp`, {
      method: 'OPTIONS',
      headers: {
        origin: TRUSTED,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,mcp-protocol-version',
      },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(TRUSTED);
    expect(headers.get('access-control-allow-headers')).toContain('mcp-protocol-version');
  });
});

describe('an error of the protocol is JSON-RPC in a 200', () => {
  it.each([
    { name: 'no JSON-RPC', message: { hello: 'world' }, code: -32700 },
    { name: 'an id that is null', message: { ...LIST, id: null }, code: -32700 },
    { name: 'an unknown method', message: { ...LIST, method: 'nope' }, code: -32601 },
    { name: 'an unknown tool', message: callMessage('drop_table'), code: -32602 },
    { name: 'a tool named as a method of objects', message: callMessage('toString'), code: -32602 },
    { name: 'arguments that are no object', message: callMessage('list_tasks', 'x'), code: -32602 },
    { name: 'arguments that are a list', message: callMessage('list_tasks', []), code: -32602 },
    { name: 'arguments that are null', message: callMessage('list_tasks', null), code: -32602 },
    {
      name: 'a call without a name',
      message: { ...LIST, params: { arguments: { title: 'x' } } },
      code: -32602,
    },
    {
      name: 'a name that is no string',
      message: { ...LIST, params: { name: 1 } },
      code: -32602,
    },
    {
      name: 'a call without parameters',
      message: { jsonrpc: '2.0', id: 1, method: 'tools/call' },
      code: -32602,
    },
    {
      name: 'a resource without a URI',
      message: { jsonrpc: '2.0', id: 1, method: 'resources/read', params: {} },
      code: -32602,
    },
    {
      name: 'a cursor that is no string',
      message: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { cursor: 1 } },
      code: -32602,
    },
    {
      name: 'a call as a task',
      message: { ...LIST, params: { name: 'create_task', arguments: { title: 'x' }, task: {} } },
      code: -32603,
    },
    {
      name: 'an unknown resource',
      message: {
        jsonrpc: '2.0',
        id: 1,
        method: 'resources/read',
        params: { uri: 'taskward://tasks/all' },
      },
      code: -32002,
    },
  ])('$name: $code', async ({ message, code }) => {
    const response = await post(app.url, message, { token: ada.token });
    expect([response.status, response.body.error?.code]).toEqual([200, code]);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(JSON.stringify(response.body)).not.toMatch(/node_modules|\.js:|select /);
    expect((await ada.list()).data).toEqual([]);
  });

  it('and a notification is 202 without a body', async () => {
    const message = { jsonrpc: '2.0', method: 'notifications/initialized' };
    const { status, body } = await post(app.url, message, { token: ada.token });
    expect([status, body]).toEqual([202, '']);
  });
});

it('takes a message without a handshake, by the simplest client', async () => {
  const { status, body } = await post(app.url, LIST, { token: ada.token });
  expect([status, body.result?.['structuredContent']]).toEqual([
    200,
    { data: [], nextCursor: null },
  ]);
});

describe('scopes hold by tool', () => {
  const withScope = async (scope: string) => {
    const token = await signWithSecret(claims({ sub: ada.id, scope }));
    const { call, client } = await connect(app.url, { token });
    return { call, client, token };
  };
  const codesOf = async ({ call, client }: Awaited<ReturnType<typeof withScope>>) => {
    const { tools } = await client.listTools();
    const codes = await Promise.all(
      tools.map(async ({ name, annotations }) => {
        const { problem } = await call(name);
        return {
          isReading: annotations?.readOnlyHint,
          isRefused: problem.code === 'insufficient_scope',
        };
      }),
    );
    expect(codes).toHaveLength(14);
    return codes;
  };

  it.each([
    { scope: 'tasks:read', reads: true, writes: false },
    { scope: 'tasks:write', reads: false, writes: true },
    { scope: 'tasks:read tasks:write', reads: true, writes: true },
    { scope: '', reads: false, writes: false },
    { scope: 'openid Tasks:Read', reads: false, writes: false },
  ])('$scope: reads $reads, writes $writes', async ({ scope, reads, writes }) => {
    for (const { isReading, isRefused } of await codesOf(await withScope(scope))) {
      expect(isRefused).toBe(!(isReading === true ? reads : writes));
    }
  });

  it('a resource needs tasks:read', async () => {
    const { client } = await withScope('tasks:write');
    const read = client.readResource({ uri: 'taskward://tasks/today' });
    await expect(read).rejects.toMatchObject({ data: { code: 'insufficient_scope' } });
  });

  it('a personal token that only reads cannot write, is counted, and is named in the log', async () => {
    const lines: unknown[] = [];
    const { id: tokenId, token } = await createToken(ada, { scopes: ['tasks:read'] });
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => {
      lines.push(line);
    });
    const { call } = await connect(app.url, { token });
    const grown = await increases(app.url, async () => {
      const { problem } = await call('create_task', { title: 'x' });
      expect(problem).toMatchObject({
        code: 'insufficient_scope',
        detail: 'The token is for reading: its scope lacks tasks:write.',
      });
    });
    expect(grown).toMatchObject({ 'taskward_auth_refused_total insufficient_scope': 1 });
    expect(lines).toEqual([
      expect.objectContaining({ event: 'token_refused', userId: ada.id, tokenId }),
    ]);
    expect((await call('list_tasks')).isError).toBe(false);
  });
});

it('logs a failure of the server, and hides it from the model', async () => {
  const lines: unknown[] = [];
  jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => {
    lines.push(line);
  });
  jest.spyOn(TaskListsService.prototype, 'list').mockRejectedValue(new Error('secret select 1'));
  const { call } = await connect(app.url, ada);
  const { isError, problem } = await call('list_tasks');
  expect([isError, problem.code]).toEqual([true, 'internal_error']);
  expect(JSON.stringify(problem)).not.toContain('secret');
  expect(lines).toEqual([
    expect.objectContaining({ event: 'internal_error', requestId: problem.requestId }),
  ]);
});

it('counts against the user’s rate limit, as the REST API does', async () => {
  const limited = await startApp({
    ...SECRET_MODE,
    RATE_LIMIT: 'on',
    RATE_LIMIT_PER_MINUTE: '3',
    RATE_LIMIT_ANONYMOUS_PER_MINUTE: '100',
  });
  try {
    const [eve, bob] = [await mintUser(limited.url, 'eve'), await mintUser(limited.url, 'bob')];
    for (const _ of [1, 2]) {
      expect((await post(limited.url, LIST, { token: eve.token })).status).toBe(200);
    }
    expect((await eve.api('/tasks')).status).toBe(200);
    const refused = await post(limited.url, LIST, { token: eve.token });
    expectProblem(refused, 429, 'rate_limited', '/mcp');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post(limited.url, LIST, { token: bob.token })).status).toBe(200);
  } finally {
    await limited.close();
  }
});

it('compresses large results', async () => {
  for (let i = 0; i < 3; i += 1) await ada.create({ description: 'x '.repeat(4_000) });
  const headers = { 'accept-encoding': 'gzip' };
  const response = await post(app.url, LIST, { token: ada.token, headers });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(response.headers.get('vary')).toMatch(/accept-encoding/i);
});

it('speaks every version of the transport that the SDK knows', () => {
  const { SUPPORTED_PROTOCOL_VERSIONS } = createRequire(import.meta.url)(
    '@modelcontextprotocol/sdk/types.js',
  ) as { SUPPORTED_PROTOCOL_VERSIONS: string[] };
  expect(SUPPORTED_PROTOCOL_VERSIONS.filter((version) => version >= '2025-03-26').sort()).toEqual([
    '2025-03-26',
    '2025-06-18',
    '2025-11-25',
  ]);
});
