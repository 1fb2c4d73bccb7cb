import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import { createWithKey, keptKeys, newKey, type RawResponse } from '../support/idempotency.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;
let eve: TestUser;

beforeAll(async () => {
  [ada, eve] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'eve')];
});
beforeEach(() => asDatabaseOwner(app, 'delete from task; delete from idempotency_key'));

const create = (user: TestUser, key: string, json?: unknown) => createWithKey(app, user, key, json);
const titles = async (user: TestUser) => (await user.list()).data.map(({ title }) => title);

/** Returns the parts of a response that another response would not share by chance. */
function seen({ status, text, headers }: RawResponse) {
  const names = ['etag', 'location', 'content-type', 'content-length', 'cache-control'];
  return { status, text, headers: names.map((name) => [name, headers.get(name)]) };
}

/** Lets so much time pass for every key. */
const age = (interval: string) =>
  asDatabaseOwner(app, `update idempotency_key set created_at = now() - interval '${interval}'`);

describe('the same key with the same body', () => {
  it.each<{ name: string; json: unknown }>([
    { name: 'a title alone', json: { title: 'Buy milk' } },
    {
      name: 'everything',
      json: { title: 'x', description: 'y', completed: true, priority: 'high', tags: ['a'] },
    },
    { name: 'SQL and placeholders', json: { title: `'; drop table task; -- ? ?? $1 :a \\ \\' "` } },
    {
      name: 'text beyond ASCII',
      json: { title: 'Ünïcödé 🥛 \u2028', description: '\t\r\n\u0001' },
    },
    { name: 'a long text', json: { title: 'x', description: '🥛'.repeat(10_000) } },
    {
      name: 'blanks and numbers of one’s own style',
      json: '{ "title" : "x" , "due" : "2026-02-03T04:05:06Z" }',
    },
  ])('gets the first response again, byte for byte: $name', async ({ json }) => {
    const key = newKey();
    const first = await create(ada, key, json);
    const second = await create(ada, key, json);
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(seen(second)).toEqual(seen(first));
    expect(first.headers.get('location')).toMatch(/^\/api\/v1\/tasks\/[0-9a-f-]{36}$/);
    expect(first.headers.get('etag')).toBe('"1"');
    expect(await titles(ada)).toHaveLength(1);
  });

  it('gets the first response again, whatever the order of the members', async () => {
    const key = newKey();
    const { status } = await create(ada, key, '{"title":"x","priority":"low","tags":["a"]}');
    const again = await create(ada, key, '{"tags":["a"],"title":"x","priority":"low"}');
    expect([status, again.status, again.headers.get('idempotency-replayed')]).toEqual([
      201,
      201,
      'true',
    ]);
    expect((await create(ada, key, '{"tags":["b"],"title":"x","priority":"low"}')).status).toBe(
      422,
    );
  });

  it('gets the same first response as without a key', async () => {
    const json = { title: 'Buy milk', due: '2026-02-03' };
    const first = await create(ada, newKey(), json);
    const plain = await ada.api<TaskDto>('/tasks', { method: 'POST', json });
    const bare = (body: object) => ({
      ...body,
      id: '',
      position: '',
      createdAt: '',
      updatedAt: '',
    });
    expect(bare(JSON.parse(first.text) as object)).toEqual(bare(plain.body));
    const without = (headers: Headers) =>
      [...headers].filter(([name]) => !/^(date|x-request-id|location)$/.test(name));
    expect(without(first.headers)).toEqual(without(plain.headers));
  });

  it('gets the first response even if the task has since been changed and deleted', async () => {
    const key = newKey();
    const first = await create(ada, key);
    const { id } = JSON.parse(first.text) as TaskDto;
    await ada.api(`/tasks/${id}`, { method: 'PATCH', json: { title: 'Changed' } });
    await ada.api(`/tasks/${id}`, { method: 'DELETE' });
    expect(seen(await create(ada, key))).toEqual(seen(first));
    expect(await titles(ada)).toEqual([]);
  });

  it('contains the id of the repeated request', async () => {
    const key = newKey();
    const [first, second] = [await create(ada, key), await create(ada, key)];
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  });

  it('makes one task of fifty requests at once', async () => {
    const key = newKey();
    const responses = await Promise.all(Array.from({ length: 50 }, () => create(ada, key)));
    const done = responses.filter(({ status }) => status === 201);
    const refused = responses.filter(({ status }) => status === 409);
    expect([done.length + refused.length, done.length > 0]).toEqual([50, true]);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    expect(done.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
    expect(await titles(ada)).toEqual(['Buy milk']);
    expect(await keptKeys(app)).toBe(1);
  });
});

describe('the same key with another body', () => {
  it.each<{ name: string; json: unknown }>([
    { name: 'another value', json: { title: 'Buy bread' } },
    { name: 'one field more', json: { title: 'Buy milk', priority: 'high' } },
    { name: 'one that breaks a rule', json: { title: '' } },
    { name: 'a list', json: [] },
  ])('is 422, and nothing is done: $name', async ({ json }) => {
    const key = newKey();
    await create(ada, key);
    const { status, code, headers } = await create(ada, key, json);
    expect([status, code]).toEqual([422, 'idempotency_key_reused']);
    expect(['etag', 'location', 'idempotency-replayed'].filter((h) => headers.has(h))).toEqual([]);
    expect(await titles(ada)).toEqual(['Buy milk']);
  });
});

describe('a key', () => {
  it('is its user’s alone', async () => {
    const key = newKey();
    const first = await create(ada, key);
    const hers = await create(eve, key, { title: 'Read' });
    expect([hers.status, hers.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect([await titles(ada), await titles(eve)]).toEqual([['Buy milk'], ['Read']]);
    expect(seen(await create(ada, key))).toEqual(seen(first));
  });

  it('does not become another one’s by where the owner’s name ends', async () => {
    const [a, ab] = [await mintUser(app.url, 'a'), await mintUser(app.url, 'ab')];
    expect((await create(a, 'bc', { title: 'Of a' })).status).toBe(201);
    expect((await create(ab, 'c', { title: 'Of ab' })).status).toBe(201);
  });

  it.each([
    { name: 'breaks a rule', json: { title: '' }, status: 422 },
    { name: 'is not JSON', json: '{', status: 400 },
  ])('stays free when the body $name', async ({ json, status }) => {
    const key = newKey();
    expect((await create(ada, key, json)).status).toBe(status);
    expect(await keptKeys(app)).toBe(0);
    const good = await create(ada, key);
    expect([good.status, good.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  it.each([
    { name: 'one character', key: 'x' },
    { name: 'the longest', key: 'x'.repeat(255) },
    { name: 'the first and last of ASCII', key: '!~' },
    { name: 'in quotes', key: '"in-quotes"' },
    { name: 'SQL and placeholders', key: `o'r\\?$1` },
    { name: 'a percent escape', key: '%00' },
  ])('may be $name', async ({ key }) => {
    const first = await create(ada, key);
    expect(first.status).toBe(201);
    expect(seen(await create(ada, key))).toEqual(seen(first));
  });

  it.each([
    { name: 'empty', key: '' },
    { name: 'too long', key: 'x'.repeat(256) },
    { name: 'two words', key: 'a b' },
    { name: 'two keys', key: 'a, b' },
    { name: 'with a tab', key: 'a\tb' },
    { name: 'beyond ASCII', key: 'é' },
  ])('that is $name is 400, and nothing is done', async ({ key }) => {
    const { status, text } = await create(ada, key);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      code: 'invalid_header',
      errors: [{ header: 'Idempotency-Key', code: 'idempotency_key' }],
    });
    expect(await titles(ada)).toEqual([]);
  });

  it('needs a token like anything else', async () => {
    expect((await createWithKey(app, { ...ada, token: 'x' }, newKey())).status).toBe(401);
  });

  it('holds for 24 hours', async () => {
    const key = newKey();
    const first = await create(ada, key);
    await age('23 hours 59 minutes');
    expect(seen(await create(ada, key))).toEqual(seen(first));
  });

  it('is new after 24 hours, whether or not it was purged', async () => {
    const key = newKey();
    await create(ada, key);
    await age('24 hours 1 minute');
    const second = await create(ada, key, { title: 'Next day' });
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect(seen(await create(ada, key, { title: 'Next day' }))).toEqual(seen(second));
    expect(await keptKeys(app)).toBe(1);
    expect(await titles(ada)).toEqual(['Next day', 'Buy milk']);
  });
});
