import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CreatedFeedDto } from '../../src/feeds/feed.dto.js';
import { createFeedSecret } from '../../src/feeds/feed-secret.js';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { addressAt, createFeed, secretOf } from '../support/feeds.js';
import { expectProblem } from '../support/problem.js';
import { useProxiedApp } from '../support/proxied-app.js';
import { speak } from '../support/raw.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useProxiedApp(SECRET_MODE);
const owner = useOwner(() => app);
let ada: TestUser;
let feed: CreatedFeedDto;
beforeEach(async () => {
  ada = await mintUser(app.url, randomUUID());
  feed = await createFeed(ada);
});

/** Requests a path as it is spelled; returns the response, and the round trips to the database. */
async function request(path: string, headers: Record<string, string> = {}) {
  app.proxy.messages.length = 0;
  const response = await fetch(`${app.url}${path}`, { headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const body = isJson ? (JSON.parse(text) as ProblemDto) : ({} as ProblemDto);
  const { status, headers: received } = response;
  return { response: { status, headers: received, body }, text, trips: [...app.proxy.roundTrips] };
}

describe('a secret that was never made is as any unknown path', () => {
  const other = (secret: string) => `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`;

  it.each<{ name: string; forge: (secret: string) => string }>([
    { name: 'with a wrong checksum', forge: other },
    { name: 'without its checksum', forge: (secret) => secret.slice(0, -6) },
    { name: 'truncated', forge: (secret) => secret.slice(0, -1) },
    { name: 'as its prefix alone', forge: () => 'tw_feed_' },
    { name: 'as a personal token', forge: (secret) => secret.replace('feed', 'pat') },
    { name: 'with more behind it', forge: (secret) => `${secret}0` },
    { name: 'with another extension', forge: (secret) => `${secret}.ics` },
    { name: 'with a line after it', forge: (secret) => `${secret}%0a` },
    { name: 'with a NUL', forge: (secret) => `${secret}%00` },
    { name: 'as its hash', forge: (secret) => createHash('sha256').update(secret).digest('hex') },
    { name: 'as SQL', forge: () => "'%20or%20'1'='1" },
    { name: 'as a blank', forge: () => '%20' },
  ])('without a query: $name', async ({ forge }) => {
    const { response, text, trips } = await request(`/feeds/${forge(secretOf(feed))}.ics`);
    expectProblem(response, 404, 'route_not_found', '/feeds/*');
    expect(trips).toEqual([]);
    expect(text).not.toContain(secretOf(feed).slice(8, 30));
  });

  it('by one query, with a good checksum', async () => {
    const { response, trips } = await request(`/feeds/${createFeedSecret()}.ics`);
    expectProblem(response, 404, 'route_not_found', '/feeds/*');
    expect(trips).toEqual(['S']);
  });

  it('to the byte, but for path and request id, also after the feed was deleted', async () => {
    await ada.api(`/feeds/${feed.id}`, { method: 'DELETE' });
    const paths = [new URL(feed.url).pathname, `/feeds/${createFeedSecret()}.ics`, '/nothing'];
    const shown = paths.map(async (path) => {
      const { response } = await request(path);
      // A route that compresses says so, by `Vary`.
      const own = ['date', 'x-request-id', 'content-length', 'vary'];
      const headers = [...response.headers].filter(([name]) => !own.includes(name));
      const body = Object.entries(response.body).filter(
        ([name]) => !['requestId', 'instance'].includes(name),
      );
      return [response.status, headers, body];
    });
    const [deleted, made, unknown] = await Promise.all(shown);
    expect(deleted).toEqual(unknown);
    expect(made).toEqual(unknown);
  });
});

describe('the secret opens nothing else:', () => {
  it.each(['/api/v1/tasks', '/api/v1/feeds', '/api/v1/me'])('%s', async (path) => {
    const authorization = `Bearer ${secretOf(feed)}`;
    expect((await request(path, { authorization })).response.status).toBe(401);
    expect((await request(`${path}?secret=${secretOf(feed)}`)).response.status).toBe(401);
  });

  it('and the calendar needs it, whatever else is sent', async () => {
    const authorization = `Bearer ${ada.token}`;
    const { response } = await request(`/feeds/${feed.id}.ics`, { authorization });
    expect(response.status).toBe(404);
  });
});

it.each([
  '/FEEDS/{secret}.ics',
  '/feeds/{secret}',
  '//feeds/{secret}.ics',
  '/feeds/{secret}.ics/',
  '/feeds/./{secret}.ics',
])('another spelling of the address is nothing, and repeats no secret: %s', async (path) => {
  const answer = await speak(
    app.url,
    `GET ${path.replace('{secret}', secretOf(feed))} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(answer).not.toContain(secretOf(feed).slice(8, 30));
});

it('a wrong method repeats no secret', async () => {
  const response = await fetch(addressAt(app.url, feed), { method: 'PUT' });
  expect(await response.text()).not.toContain(secretOf(feed).slice(8, 30));
});

it('a secret in the place of an id is not repeated', async () => {
  const refused = await ada.api(`/feeds/${secretOf(feed)}`, { method: 'DELETE' });
  expect([refused.status, refused.body.code]).toEqual([400, 'invalid_id']);
  expect(JSON.stringify(refused.body)).not.toContain(secretOf(feed).slice(8, 30));
});

it('shows nothing of a deleted account, before its rows are gone', async () => {
  await owner('insert into auth.deleted_user (id) values ($1)', [ada.id]);
  expect((await request(new URL(feed.url).pathname)).response.status).toBe(404);
});

it('reads tasks as their owner: without row-level security for others', async () => {
  const eve = await mintUser(app.url, randomUUID());
  await eve.create({ title: 'Private', due: '2036-12-24' });
  await ada.create({ title: 'Mine', due: '2036-12-24' });
  const { text } = await request(new URL(feed.url).pathname);
  expect(text).toContain('SUMMARY:Mine');
  expect(text).not.toContain('Private');
});
