import { describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { send, type TestUser, userWith } from '../support/client.js';
import { operationsOf } from '../../src/openapi/operations.js';
import { createDocument } from '../../src/app.docs.js';
import { expectProblem } from '../support/problem.js';
import { claims, mintUser, SECRET_MODE, signWithSecret } from '../support/tokens.js';

const CHALLENGE = 'Bearer realm="taskward", error="insufficient_scope", scope="tasks:write"';
const READ_ONLY = [
  '',
  'tasks:read',
  'openid profile',
  'tasks:writer',
  'Tasks:Write',
  'xtasks:write',
  'tasks:write,tasks:read',
  'tasks:write\topenid',
];
const WRITING = ['tasks:write', 'tasks:read tasks:write', 'tasks:write openid'];
const ID = '0199aaaa-0000-7000-8000-000000000000';

const app = useApp(SECRET_MODE);

async function withScope(scope: string | undefined): Promise<TestUser> {
  const token = await signWithSecret(claims({ sub: 'ada', scope }));
  return userWith(app.url, { id: 'ada', email: '', cookie: '', token });
}

/** Every operation under /api/v1 that is no reading. */
const writes = () =>
  operationsOf(createDocument(app.nest, { AUTH_MODE: 'secret', origin: app.url }))
    .filter(([path, , method]) => path.startsWith('/api/v1/') && method !== 'get')
    .map(
      ([path, , method]) =>
        [method.toUpperCase(), path.slice('/api/v1'.length).replace('{id}', ID)] as const,
    );

describe.each(READ_ONLY)('a token with the scope %j', (scope) => {
  it('may read', async () => {
    const { id } = await (await mintUser(app.url, 'ada')).create();
    const ada = await withScope(scope);
    for (const path of ['/tasks', `/tasks/${id}`, '/me']) {
      expect((await ada.api(path)).status).toBe(200);
      expect((await ada.api(path, { method: 'HEAD' })).status).toBe(200);
    }
  });

  it('may not write, wherever that would be', async () => {
    const ada = await withScope(scope);
    const allWrites = writes();
    expect(allWrites.length).toBeGreaterThanOrEqual(7);
    for (const [method, path] of allWrites) {
      // Decided before the body is looked at: this one is none.
      const response = await ada.api(path, { method, json: '{' });
      expectProblem(response, 403, 'insufficient_scope', `/api/v1${path}`);
      expect(response.headers.get('www-authenticate')).toBe(CHALLENGE);
    }
  });
});

describe.each([undefined, ...WRITING])('a token with the scope %j', (scope) => {
  it('may do both', async () => {
    const ada = await withScope(scope);
    const { id } = await ada.create();
    expect((await ada.api(`/tasks/${id}`)).status).toBe(200);
    expect((await ada.api(`/tasks/${id}`, { method: 'DELETE' })).status).toBe(204);
  });
});

it('leaves no trace of a write that it refuses', async () => {
  const [ada, reader] = [
    await mintUser(app.url, 'eve'),
    await signWithSecret(claims({ sub: 'eve', scope: 'x' })),
  ];
  const task = await ada.create();
  const headers = { authorization: `Bearer ${reader}`, 'idempotency-key': 'k' };
  const url = `${app.url}/api/v1/tasks`;
  expect((await send(url, { method: 'POST', headers, json: { title: 'x' } })).status).toBe(403);
  expect((await send(`${url}/${task.id}`, { method: 'DELETE', headers })).status).toBe(403);
  expect((await ada.list()).data).toEqual([task]);
  // And the key is free: nothing of the refused request was kept.
  const own = await ada.api('/tasks', {
    method: 'POST',
    headers: { 'idempotency-key': 'k' },
    json: { title: 'y' },
  });
  expect(own.status).toBe(201);
});
