import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { send, type TestUser } from '../support/client.js';
import { createWithKey, newKey } from '../support/idempotency.js';
import { useProxiedApp } from '../support/proxied-app.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

const titles = async () => (await ada.list()).data.map(({ title }) => title);

/** Routes whose response has a secret, which must not be kept. */
const REFUSING = ['/api/v1/tokens', '/api/v1/feeds'];

describe('every POST', () => {
  interface Operation {
    parameters?: { in: string; name: string }[];
    responses: Record<string, { headers?: object }>;
  }
  const post = (path: string, key: string, json?: unknown) =>
    ada.api(path, { method: 'POST', json, headers: { 'idempotency-key': key } });

  it('of the documentation takes a key', async () => {
    const { body } = await send<{ paths: Record<string, { post?: Operation }> }>(
      `${app.url}/openapi.json`,
    );
    const posts = Object.entries(body.paths).flatMap(([path, { post }]) =>
      post && path.startsWith('/api/v1/') && !REFUSING.includes(path) ? [post] : [],
    );
    expect(posts.length).toBeGreaterThan(2);
    for (const { parameters = [], responses } of posts) {
      expect(parameters.map(({ name }) => name)).toContain('Idempotency-Key');
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '409', '422']));
      expect(responses['201'] ?? responses['200']).toMatchObject({
        headers: { 'Idempotency-Replayed': expect.anything() },
      });
    }
  });

  it.each(REFUSING)('takes a key, or refuses it: %s', async (path) => {
    const { status, body } = await post(path.replace('/api/v1', ''), newKey(), {});
    expect([status, body.code]).toEqual([400, 'invalid_header']);
  });

  it('is done once: a batch', async () => {
    const key = newKey();
    const json = { operations: [{ op: 'create', task: { title: 'Batched' } }] };
    const [first, second] = [
      await post('/tasks/batch', key, json),
      await post('/tasks/batch', key, json),
    ];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
    expect(await titles()).toEqual(['Batched']);
    const dry = await post('/tasks/batch', key, { ...json, dryRun: true });
    expect(dry.body.code).toBe('idempotency_key_reused');
  });

  it('is done once: a restore; of another task it is another request', async () => {
    const key = newKey();
    const [{ id }, other] = [await ada.create(), await ada.create()];
    for (const task of [id, other.id]) await ada.api(`/tasks/${task}`, { method: 'DELETE' });
    const first = await post(`/tasks/${id}/restore`, key);
    const second = await post(`/tasks/${id}/restore`, key);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(second.body).toEqual(first.body);
    const others = await post(`/tasks/${other.id}/restore`, key);
    expect(others.body.code).toBe('idempotency_key_reused');
    expect(await titles()).toHaveLength(2);
  });
});

describe('what it costs', () => {
  const counted = useProxiedApp(SECRET_MODE);

  it('is nothing without a key, and one transaction with it', async () => {
    const grace = await mintUser(counted.url, 'grace');
    await grace.list();
    // The first task of a user comes with the rows that count them.
    await grace.create();
    counted.proxy.messages.length = 0;
    await grace.create();
    expect(counted.proxy.roundTrips).toEqual(['S']);
    await createWithKey(counted, grace, newKey());
    // begin, lock, look, insert the task, insert the key, commit
    expect(counted.proxy.roundTrips).toEqual(['S', 'Q', 'S', 'S', 'S', 'S', 'Q']);
  });
});
