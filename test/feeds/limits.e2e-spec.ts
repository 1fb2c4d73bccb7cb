import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { createFeedSecret } from '../../src/feeds/feed-secret.js';
import { useApp } from '../support/app.js';
import { useOwner, withOwner } from '../support/database.js';
import { addressAt, createFeed } from '../support/feeds.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { until } from '../support/until.js';

const app = useApp({
  ...SECRET_MODE,
  RATE_LIMIT: 'on',
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '20',
  MAX_CONCURRENT_PER_USER: '1',
});

const owner = useOwner(() => app);

const statusOf = async (address: string) => (await fetch(address)).status;

it('requests of one owner wait for each other, and leave connections to the rest', async () => {
  const [ada, eve] = [await mintUser(app.url, randomUUID()), await mintUser(app.url, randomUUID())];
  await ada.create();
  const feed = await createFeed(ada, { as: 'todos' });
  await withOwner(app.databaseUrl, async (client) => {
    await client.query('begin');
    await client.query('lock table task in access exclusive mode');
    const reads = [1, 2, 3].map(() => statusOf(addressAt(app.url, feed)));
    // Not by the client itself: a transaction sees one snapshot of the activity.
    await until(async () => {
      const [row] = await owner(
        `select count(*)::int as waiting from pg_stat_activity
          where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return row?.['waiting'] === 1;
    });
    expect((await eve.api('/lists')).status).toBe(200);
    await client.query('commit');
    expect(await Promise.all(reads)).toEqual([200, 200, 200]);
  });
});

it('made-up secrets, and good ones, count against the limit of their address', async () => {
  const feed = await createFeed(await mintUser(app.url, randomUUID()));
  const made = Array.from({ length: 20 }, () => `${app.url}/feeds/${createFeedSecret()}.ics`);
  const statuses = new Set(await Promise.all(made.map(statusOf)));
  expect(statuses).toContain(404);
  expect(statuses).toContain(429);
  expect(await statusOf(addressAt(app.url, feed))).toBe(429);
});
