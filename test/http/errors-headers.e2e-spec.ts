import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { send, signUp, type TestUser } from '../support/client.js';
import { expectProblem } from '../support/problem.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TASK = '/api/v1/tasks/0199c0de-0000-7000-8000-000000000000';

const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

describe('a method that a path does not know', () => {
  const paths: [path: string, allow: string][] = [
    ['/api/v1/tasks', 'GET, HEAD, POST'],
    [TASK, 'DELETE, GET, HEAD, PATCH, PUT'],
    ['/api/v1/tasks/nope', 'DELETE, GET, HEAD, PATCH, PUT'],
    [`${TASK}/complete`, 'PATCH'],
    [`${TASK}/restore`, 'POST'],
    ['/health/live', 'GET, HEAD'],
    ['/health/ready', 'GET, HEAD'],
    ['/.well-known/oauth-protected-resource', 'GET, HEAD'],
    ['/openapi.json', 'GET, HEAD'],
    ['/llms.txt', 'GET, HEAD'],
    ['/mcp', 'POST'],
    ['/', 'GET, HEAD'],
  ];
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'];
  const wrong = paths.flatMap(([path, allow]) =>
    methods.filter((name) => !allow.includes(name)).map((name) => [name, path, allow] as const),
  );
  it.each(wrong)('is 405: %s %s', async (method, path, allow) => {
    const response = await send(`${app.url}${path}`, { method });
    expectProblem(response, 405, 'method_not_allowed', path);
    expect(response.headers.get('allow')).toBe(allow);
  });

  it('is 405 with a body of any kind', async () => {
    for (const json of ['{', `"${'x'.repeat(300_000)}"`]) {
      expect((await send(`${app.url}/api/v1/tasks`, { method: 'PUT', json })).status).toBe(405);
    }
  });
});

describe('the request id', () => {
  it.each(['a', 'A-b_c.d:e+f/g=h@i', '0199c0de-0000-7000-8000-000000000000', 'x'.repeat(128)])(
    'of the caller is kept: %s',
    async (id) => {
      const { headers, body } = await send(`${app.url}/nope`, { headers: { 'x-request-id': id } });
      expect([headers.get('x-request-id'), body.requestId]).toEqual([id, id]);
    },
  );

  it.each(['', 'x'.repeat(129), 'a b', 'a"b', 'a,b', '<b>', 'a\tb', 'é', '{"a":1}', 'a;b'])(
    'of the caller is replaced when it is %j',
    async (id) => {
      const { headers, body } = await send(`${app.url}/nope`, { headers: { 'x-request-id': id } });
      expect(body.requestId).toMatch(UUID);
      expect(headers.get('x-request-id')).toBe(body.requestId);
    },
  );

  it('is in successful responses, each with a new one', async () => {
    const responses = [await ada.api('/tasks'), await ada.api('/tasks')];
    responses.push(await send(`${app.url}/health/live`));
    const ids = responses.map(({ headers }) => headers.get('x-request-id') ?? '');
    for (const id of ids) expect(id).toMatch(UUID);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('HEAD', () => {
  it.each(['/tasks', '/tasks?limit=1'])(
    'of %s has the headers of GET, and no body',
    async (path) => {
      const [head, get] = [await ada.api(path, { method: 'HEAD' }), await ada.api(path)];
      expect([head.status, head.body]).toEqual([200, '']);
      for (const name of ['content-type', 'content-length', 'cache-control', 'link']) {
        expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
      }
    },
  );

  it('of a task has its ETag', async () => {
    const { id } = await ada.create();
    const { status, headers } = await ada.api(`/tasks/${id}`, { method: 'HEAD' });
    expect([status, headers.get('etag')]).toEqual([200, '"1"']);
  });
});
