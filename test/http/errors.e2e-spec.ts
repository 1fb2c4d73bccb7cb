import { beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, useApp } from '../support/app.js';
import { send, signUp, type TestUser } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { expectProblem } from '../support/problem.js';

const UNKNOWN_ID = '0199c0de-0000-7000-8000-000000000000';
const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

const TASK = `/api/v1/tasks/${UNKNOWN_ID}`;
const BIG = JSON.stringify({ title: 'a', description: 'x'.repeat(256 * 1024) });
const deep = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;
const gzip = { 'content-encoding': 'gzip' };
const latin1 = { 'content-type': 'application/json; charset=ISO-8859-1' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('a request', () => {
  it.each<
    [status: number, code: string, method: string, path: string, json?: unknown, headers?: object]
  >([
    [404, 'route_not_found', 'GET', '/nope'],
    [404, 'route_not_found', 'GET', '/api/v1'],
    [404, 'route_not_found', 'GET', '/api/v1/'],
    [404, 'route_not_found', 'GET', '/api/v1/tasks/'],
    [404, 'route_not_found', 'GET', `${TASK}/`],
    [404, 'route_not_found', 'GET', '/api/v1/TASKS'],
    [404, 'route_not_found', 'GET', '/api/v2/tasks'],
    [404, 'route_not_found', 'GET', `${TASK}/nope`],
    [404, 'route_not_found', 'POST', '/api/v1/nope', '{"a":'],
    [404, 'route_not_found', 'POST', '/api/v1/nope', BIG],
    [404, 'route_not_found', 'POST', '/api/v1/nope', 'a', { 'content-type': 'garbage' }],
    [404, 'task_not_found', 'GET', TASK],
    [404, 'task_not_found', 'DELETE', TASK],
    [400, 'invalid_id', 'GET', '/api/v1/tasks/1'],
    [400, 'invalid_id', 'DELETE', '/api/v1/tasks/nope'],
    [400, 'invalid_id', 'PATCH', '/api/v1/tasks/nope/complete'],
    [400, 'malformed_url', 'GET', '/api/v1/tasks/%zz'],
    [400, 'malformed_url', 'GET', '/%c3%28'],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', '{"title":'],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', "{'title':'a'}"],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', '{"title":"a",}'],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', '{"title":"a"} {}'],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', '{"title":"a\nb"}'],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', ' '],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', 'NaN'],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', ''],
    [400, 'invalid_json', 'POST', '/api/v1/tasks'],
    [400, 'invalid_json', 'PATCH', TASK],
    [400, 'invalid_json', 'PATCH', `${TASK}/complete`, '{'],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', deep(34)],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', `{"title":${deep(2_200)}}`],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', '['.repeat(200_000)],
    [422, 'validation_failed', 'POST', '/api/v1/tasks', deep(32)],
    [422, 'validation_failed', 'POST', '/api/v1/tasks', '[]'],
    [422, 'validation_failed', 'POST', '/api/v1/tasks', '"title"'],
    [422, 'validation_failed', 'POST', '/api/v1/tasks', 'null'],
    [422, 'validation_failed', 'POST', '/api/v1/tasks', '1'],
    [422, 'validation_failed', 'PATCH', TASK, 'true'],
    [422, 'validation_failed', 'POST', '/api/v1/tasks', '{}'],
    [413, 'payload_too_large', 'POST', '/api/v1/tasks', BIG],
    [413, 'payload_too_large', 'PATCH', `${TASK}/complete`, BIG],
    [415, 'unsupported_media_type', 'POST', '/api/v1/tasks', 'title=a', form],
    [415, 'unsupported_media_type', 'PATCH', TASK, 'title=a', form],
    [
      415,
      'unsupported_media_type',
      'POST',
      '/api/v1/tasks',
      '{}',
      { 'content-type': 'text/plain' },
    ],
    [415, 'unsupported_media_type', 'POST', '/api/v1/tasks', '{}', { 'content-type': 'text/json' }],
    [415, 'unsupported_media_type', 'POST', '/api/v1/tasks', '{}', { 'content-type': 'garbage' }],
    [
      415,
      'unsupported_media_type',
      'POST',
      '/api/v1/tasks',
      '{}',
      { 'content-type': 'application/jsonx' },
    ],
    [
      415,
      'unsupported_media_type',
      'POST',
      '/api/v1/tasks',
      '{}',
      { 'content-type': 'application/merge-patch+json' },
    ],
    [
      415,
      'unsupported_media_type',
      'POST',
      '/api/v1/tasks',
      '--x--',
      { 'content-type': 'multipart/form-data; boundary=x' },
    ],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', '{"title":"a","title":"b"}'],
    [400, 'invalid_json', 'POST', '/api/v1/tasks', '{"title":"a","\\u0074itle":"a"}'],
    [400, 'invalid_json', 'PATCH', TASK, '{"tags":[{"a":1,"a":1}]}'],
    [415, 'unsupported_media_type', 'POST', '/api/v1/tasks', '{"title":"a"}', gzip],
    [415, 'unsupported_media_type', 'PATCH', TASK, '{"title":"a"}', gzip],
    [415, 'unsupported_media_type', 'POST', '/api/auth/sign-in/email', '{"email":"a"}', gzip],
    [415, 'unsupported_media_type', 'POST', '/api/v1/tasks', '{"title":"a"}', latin1],
    [415, 'unsupported_media_type', 'POST', '/api/auth/sign-in/email', '{"email":"a"}', latin1],
    [412, 'precondition_failed', 'PATCH', 'task', '{}', { 'if-match': '"7"' }],
    [400, 'invalid_parameter', 'GET', '/api/v1/tasks?limit=0'],
    [400, 'invalid_cursor', 'GET', '/api/v1/tasks?cursor=x'],
  ])('returns %d %s: %s %s %j', async (...row) => {
    const [status, code, method, url, json, given = {}] = row;
    const path = url === 'task' ? `/api/v1/tasks/${(await ada.create()).id}` : url;
    const headers = { authorization: `Bearer ${ada.token}`, ...given };
    const response = await send(`${app.url}${path}`, { method, json, headers });
    expectProblem(response, status, code, path.split('?')[0] ?? '');
  });

  it('whose text is not UTF-8 is refused, and nothing of it is replaced or stored', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"title":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]);
    const response = await fetch(`${app.url}/api/v1/tasks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
      body: bytes,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_json' });
    expect((await ada.list('?limit=200')).data.map(({ title }) => title)).not.toContain('�(');
  });

  it('with a content coding is 415 with Accept-Encoding', async () => {
    for (const path of ['/api/v1/tasks', '/api/auth/sign-in/email']) {
      const { headers } = await send(`${app.url}${path}`, {
        method: 'POST',
        json: '{}',
        headers: { authorization: `Bearer ${ada.token}`, ...gzip },
      });
      expect(headers.get('accept-encoding')).toBe('identity');
    }
  });

  it.each(['application/json; charset="UTF-8"', 'application/json;charset=us-ascii'])(
    'is read as %s',
    async (type) => {
      const options = { method: 'POST', json: '{"title":"a"}', headers: { 'content-type': type } };
      expect((await ada.api('/tasks', options)).status).toBe(201);
    },
  );

  it('names the member that its body has twice', async () => {
    const json = '{"title":"a","description":":","tags":[],"description":null}';
    const { body } = await ada.api('/tasks', { method: 'POST', json });
    expect(body.detail).toBe('An object in the body contains "description" more than once.');
  });

  it('with a wrong media type learns the right one', async () => {
    const options = { method: 'PATCH', json: 'a', headers: { 'content-type': 'text/plain' } };
    const { headers } = await ada.api(`/tasks/${UNKNOWN_ID}`, options);
    expect(headers.get('accept-patch')).toBe('application/merge-patch+json, application/json');
  });
});

describe('without a token', () => {
  it.each<[method: string, path: string, json?: string, type?: string]>([
    ['GET', '/api/v1/tasks'],
    ['HEAD', '/api/v1/tasks'],
    ['GET', '/api/v1/tasks?limit=0&x=1'],
    ['GET', '/api/v1/tasks?cursor=x'],
    ['GET', '/api/v1/tasks/nope'],
    ['GET', TASK],
    ['DELETE', TASK],
    ['PATCH', TASK, '{"title":5}'],
    ['PATCH', `${TASK}/complete`],
    ['POST', '/api/v1/tasks'],
    ['POST', '/api/v1/tasks', '{"a'],
    ['POST', '/api/v1/tasks', '{"nope":1}'],
    ['POST', '/api/v1/tasks', deep(2_200)],
    ['POST', '/api/v1/tasks', '[]'],
    ['POST', '/api/v1/tasks', 'title=a', 'application/x-www-form-urlencoded'],
    ['POST', '/api/v1/tasks', 'a', 'text/plain'],
  ])('%s %s %j is 401, whatever else is wrong', async (...row) => {
    const [method, path, json, type] = row;
    const headers = { 'if-match': 'nonsense', ...(type !== undefined && { 'content-type': type }) };
    const response = await send(`${app.url}${path}`, { method, json, headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="taskward"');
    if (method !== 'HEAD') expectProblem(response, 401, 'missing_token', path.split('?')[0] ?? '');
  });
});

describe('an error of our own', () => {
  it('is a bare 500, however the request is made', async () => {
    const broken = await startApp();
    const grace = await signUp(broken.url, 'grace');
    try {
      await withOwner(broken.databaseUrl, (client) => client.query('alter table task rename to t'));
      const json = { title: 'Secret of Grace' };
      for (const [method, path] of [
        ['GET', '/tasks'],
        ['GET', `/tasks/${UNKNOWN_ID}`],
        ['POST', '/tasks'],
        ['PATCH', `/tasks/${UNKNOWN_ID}`],
        ['DELETE', `/tasks/${UNKNOWN_ID}`],
      ] as const) {
        const response = await grace.api(path, { method, ...(method.startsWith('P') && { json }) });
        expectProblem(response, 500, 'internal_error', `/api/v1${path}`);
        expect(JSON.stringify(response.body)).not.toMatch(/Secret|Grace/);
        expect(response.headers.get('retry-after')).toBeNull();
      }
    } finally {
      await broken.close();
    }
  });
});
