import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { send, type TestUser } from '../support/client.js';
import { expectProblem } from '../support/problem.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

const HTML = { accept: 'text/html' };

describe('a request that accepts no JSON', () => {
  it.each([
    { method: 'POST', suffix: '', json: { title: 'x' } },
    { method: 'GET', suffix: '', json: undefined },
    { method: 'GET', suffix: '/:id', json: undefined },
    { method: 'PUT', suffix: '/:id', json: {} },
    { method: 'PATCH', suffix: '/:id', json: { title: 'Changed' } },
    { method: 'PATCH', suffix: '/:id/complete', json: undefined },
    { method: 'DELETE', suffix: '/:id', json: undefined },
    { method: 'DELETE', suffix: '/:id?permanent=true', json: undefined },
    { method: 'POST', suffix: '/:id/restore', json: undefined },
  ])(
    '$method $suffix is 406, a problem all the same, and nothing is done',
    async ({ method, suffix, json }) => {
      const task = await ada.create();
      const tasks = await ada.list();
      const path = `/tasks${suffix.replace(':id', task.id)}`;
      const response = await ada.api(path, { method, json, headers: HTML });
      expectProblem(response, 406, 'not_acceptable', `/api/v1${path.replace(/\?.*/, '')}`);
      expect(await ada.list()).toEqual(tasks);
    },
  );

  it('learns first that its token is missing or invalid', async () => {
    for (const authorization of [undefined, 'Bearer x']) {
      const headers = { ...HTML, ...(authorization !== undefined && { authorization }) };
      expect((await send(`${app.url}/api/v1/tasks`, { headers })).status).toBe(401);
    }
  });

  it('gets 406 before the body or the query is validated', async () => {
    const response = await ada.api('/tasks?x=1', { method: 'POST', json: '{', headers: HTML });
    expect(response.status).toBe(406);
  });

  it('is known by its route, however the address is spelled', async () => {
    const headers = { ...HTML, authorization: `Bearer ${ada.token}` };
    expect((await send(`${app.url}/%61pi/v1/tasks`, { headers })).status).toBe(406);
  });

  it.each(['/docs', '/health/live'])('gets %s', async (path) => {
    expect((await send(app.url + path, { headers: HTML })).status).toBe(200);
  });
});

it.each(['*/*', 'application/json', 'text/html, application/*;q=0.1', 'nonsense', ''])(
  'Accept: %j is answered with JSON',
  async (accept) => {
    const { status, headers } = await ada.api('/tasks', { headers: { accept } });
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  },
);

it.each(['text/html', 'application/json;q=0', '*/*;q=0'])('Accept: %s is 406', async (accept) => {
  expect((await ada.api('/tasks', { headers: { accept } })).status).toBe(406);
});
