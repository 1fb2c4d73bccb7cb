import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CreatedFeedDto, FeedsDto } from '../../src/feeds/feed.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { addressAt, createFeed, secretOf } from '../support/feeds.js';
import { createToken, withToken } from '../support/personal-tokens.js';
import { expectProblem } from '../support/problem.js';
import { increases } from '../support/metrics.js';
import { createList } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp({ ...SECRET_MODE, PUBLIC_URL: 'http://localhost:8443' });
const owner = useOwner(() => app);
let ada: TestUser;
beforeEach(async () => {
  ada = await mintUser(app.url, randomUUID());
});

const post = (json: unknown, headers: Record<string, string> = {}) =>
  ada.api<CreatedFeedDto>('/feeds', { method: 'POST', json, headers });
const list = async (user = ada) => (await user.api<FeedsDto>('/feeds')).body.data;
const statusOf = async (feed: CreatedFeedDto) => (await fetch(addressAt(app.url, feed))).status;

describe('POST /feeds', () => {
  it('returns the address once; the list has all but it', async () => {
    const response = await post({ as: 'todos' });
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const { url, ...rest } = response.body;
    expect(url).toMatch(/^http:\/\/localhost:8443\/feeds\/tw_feed_[0-9A-Za-z]{42}\.ics$/);
    expect(rest).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      listId: null,
      as: 'todos',
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(await list()).toEqual([rest]);
  });

  it('stores the SHA-256 of the secret, and the secret nowhere', async () => {
    const feed = await createFeed(ada);
    const [row] = await owner(
      `select hash = sha256($1::bytea) as is_hash, feed::text as text from feed where id = $2`,
      [secretOf(feed), feed.id],
    );
    expect(row).toMatchObject({ is_hash: true });
    expect(String(row?.['text'])).not.toContain(secretOf(feed).slice(8, 20));
  });

  it('takes a list, however its id is spelled, and lists the newest first', async () => {
    const { id } = await createList(ada, { name: 'Home' });
    await createFeed(ada, { listId: null });
    await createFeed(ada, { listId: id.toUpperCase() });
    expect((await list()).map(({ listId }) => listId)).toEqual([id, null]);
  });

  it.each([
    { name: 'no kind', json: {}, at: '/as required' },
    { name: 'another kind', json: { as: 'journal' }, at: '/as one_of' },
    { name: 'a number', json: { as: 5 }, at: '/as type' },
    { name: 'no UUID', json: { as: 'events', listId: 'x' }, at: '/listId uuid' },
    { name: 'an owner', json: { as: 'events', ownerId: 'eve' }, at: '/ownerId unknown' },
    {
      name: 'a made-up list',
      json: { as: 'events', listId: randomUUID() },
      at: '/listId not_found',
    },
  ])('refuses $name', async ({ json, at }) => {
    const { status, body } = await ada.api('/feeds', { method: 'POST', json });
    expect(status).toBe(422);
    const found = (body.errors ?? []).map(({ pointer, code }) => `${pointer ?? ''} ${code}`);
    expect(found).toContain(at);
    expect(await list()).toEqual([]);
  });

  it('refuses a list in the trash, and one of somebody else, as one that was made up', async () => {
    const eve = await mintUser(app.url, randomUUID());
    const theirs = await createList(eve, { name: 'Private' });
    const trashed = await createList(ada, { name: 'Old' });
    await ada.api(`/lists/${trashed.id}`, { method: 'DELETE' });
    const bodies = [theirs.id, trashed.id, randomUUID()].map(async (listId) => {
      const { status, body } = await ada.api('/feeds', {
        method: 'POST',
        json: { as: 'events', listId },
      });
      return [status, body.errors];
    });
    const [first, ...rest] = await Promise.all(bodies);
    expect(first?.[0]).toBe(422);
    for (const other of rest) expect(other).toEqual(first);
  });

  it('refuses an Idempotency-Key, which would keep the address', async () => {
    const { status, body } = await ada.api('/feeds', {
      method: 'POST',
      json: { as: 'events' },
      headers: { 'idempotency-key': 'a' },
    });
    expect([status, body.code]).toEqual([400, 'invalid_header']);
    expect(await list()).toEqual([]);
  });

  it('refuses the 21st, also of many at once, and takes one again after a delete', async () => {
    const statuses = Array.from({ length: 25 }, async () => (await post({ as: 'events' })).status);
    const made = (await Promise.all(statuses)).filter((status) => status === 201);
    // Some may have waited for too long for a connection.
    const missing = Array.from({ length: 20 - made.length }, () => createFeed(ada));
    const [first] = [...(await Promise.all(missing)), ...(await list())];
    expect(await list()).toHaveLength(20);
    const refused = await ada.api('/feeds', { method: 'POST', json: { as: 'events' } });
    expectProblem(refused, 403, 'quota_exceeded', '/api/v1/feeds');
    await ada.api(`/feeds/${first?.id ?? ''}`, { method: 'DELETE' });
    expect((await post({ as: 'events' })).status).toBe(201);
  });

  it('counts what the quota refuses', async () => {
    for (let n = 0; n < 20; n += 1) await createFeed(ada);
    const counted = await increases(app.url, () => post({ as: 'events' }));
    expect(counted).toMatchObject({ 'taskward_quota_refused_total feeds': 1 });
  });
});

describe('DELETE /feeds/{id}', () => {
  it('ends the address at once, and is 404 the second time', async () => {
    const feed = await createFeed(ada);
    expect(await statusOf(feed)).toBe(200);
    const path = `/feeds/${feed.id}`;
    expect((await ada.api(path, { method: 'DELETE' })).status).toBe(204);
    expect(await statusOf(feed)).toBe(404);
    const again = await ada.api(path, { method: 'DELETE' });
    expectProblem(again, 404, 'feed_not_found', `/api/v1${path}`);
  });

  it('leaves that of somebody else alone, with the response of one that was made up', async () => {
    const feed = await createFeed(ada);
    const eve = await mintUser(app.url, randomUUID());
    const refused = await eve.api(`/feeds/${feed.id}`, { method: 'DELETE' });
    expectProblem(refused, 404, 'feed_not_found', `/api/v1/feeds/${feed.id}`);
    expect(await list(eve)).toEqual([]);
    expect(await statusOf(feed)).toBe(200);
  });
});

it.each([
  { method: 'GET', path: '/feeds' },
  { method: 'POST', path: '/feeds', json: { as: 'events' } },
  { method: 'DELETE', path: '/feeds/{id}' },
])('a personal token does not open $method $path', async ({ path, ...request }) => {
  const feed = await createFeed(ada);
  const { token } = await createToken(ada);
  const at = path.replace('{id}', feed.id);
  const refused = await withToken(app.url, ada, token).api(at, request);
  expectProblem(refused, 403, 'insufficient_scope', `/api/v1${at}`);
  expect(await list()).toHaveLength(1);
});
