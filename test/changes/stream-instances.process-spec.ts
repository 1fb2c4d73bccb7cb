import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ChangeStreams } from '../../src/changes/change-streams.js';
import { startApp, type TestApp } from '../support/app.js';
import { silentChange } from '../support/changes.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner, createDatabase, withOwner } from '../support/database.js';
import { closeStreams, follow } from '../support/event-stream.js';
import { Program } from '../support/program.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { until } from '../support/until.js';

const SECOND = 1_000;
/** Minimum time between two notifications of an instance. */
const INTERVAL_MS = 50;
/** Changes of each kind. */
const ROUNDS = 20;

let folder: string;
/** Two instances on one database, the second of which is a process of its own. */
let here: TestApp;
let there: string;
let proxy: DatabaseProxy;
let ada: TestUser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-streams-'));
  const databaseUrl = await createDatabase();
  here = await startApp({ ...SECRET_MODE, DATABASE_URL: databaseUrl });
  proxy = new DatabaseProxy(databaseUrl);
  const settings = { ...SECRET_MODE, DATABASE_URL: await proxy.start(), RATE_LIMIT: 'off' };
  there = await new Program(settings, folder).ready();
});
afterAll(async () => {
  await Program.killAll();
  await proxy.stop();
  await here.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  ada = await mintUser(here.url, `ada ${randomUUID()}`);
});
afterEach(() => {
  proxy.mend();
  closeStreams();
});

const sql = (text: string) => asDatabaseOwner(here, text);
const LISTENING = `application_name = 'taskward changes' and datname = current_database()`;

describe('a change', () => {
  it('arrives at the other instance within a second', async () => {
    const stream = await follow(there, ada);
    const times: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      await ada.create({ title: String(round) });
      const start = performance.now();
      await stream.received(round);
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    const [median = 0, worst = 0] = [times[ROUNDS / 2], times.at(-1)];
    process.stdout.write(
      `streamed by the other instance after ${median.toFixed(0)} ms (median), ${worst.toFixed(0)} ms (maximum)\n`,
    );
    expect(worst).toBeLessThan(SECOND);
  });

  it('of many users at once arrives at the other instance, each at its own user', async () => {
    const users = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        mintUser(here.url, `user ${String(i)} ${'é'.repeat(90)}`),
      ),
    );
    const streams = await Promise.all(users.map((user) => follow(there, user)));
    await Promise.all(users.map((user) => user.create({ title: user.id })));
    await Promise.all(streams.map((stream) => stream.received(1)));
    expect(streams.map(({ titles }) => titles)).toEqual(users.map(({ id }) => [id]));
  });

  it('is notified together with others of its user', async () => {
    const payloads: string[] = [];
    let ms = 0;
    await withOwner(here.databaseUrl, async (client) => {
      client.on('notification', ({ payload = '' }) => payloads.push(payload));
      await client.query('listen taskward_changes');
      const start = performance.now();
      await Promise.all(Array.from({ length: 100 }, (_, i) => ada.create({ title: String(i) })));
      // Sent after the last write, so that all notifications of earlier ones have come.
      const eve = await mintUser(here.url, 'eve');
      await eve.create();
      await until(() => Promise.resolve(payloads.some((payload) => payload.includes('"eve"'))));
      ms = performance.now() - start;
    });
    const ofAda = payloads.filter((payload) => payload.includes(ada.id));
    expect(ofAda.length).toBeGreaterThan(0);
    expect(ofAda.length).toBeLessThan(ms / INTERVAL_MS + 2);
  });

  it('is found by the next poll when its notification is lost', async () => {
    const { id } = await ada.create({ title: 'first' });
    const stream = await follow(here.url, ada);
    await sql(silentChange(ada.id, id, 'silent'));
    await here.nest.get(ChangeStreams, { strict: false }).heartbeat();
    await stream.received(1);
    expect(stream.titles).toEqual(['silent']);
  });

  it('is not missed when the connection for notifications is ended at the same time', async () => {
    const { id } = await ada.create({ title: 'first' });
    const streams = [await follow(here.url, ada), await follow(there, ada)];
    for (let round = 1; round <= 5; round += 1) {
      await sql(`
        begin;
        select pg_terminate_backend(pid) from pg_stat_activity where ${LISTENING};
        ${silentChange(ada.id, id, String(round))};
        commit`);
      await Promise.all(streams.map((stream) => stream.received(round)));
    }
    for (const { titles } of streams) expect(titles).toEqual(['1', '2', '3', '4', '5']);
  });

  it.each([
    { name: 'cut', fail: () => proxy.cut() },
    { name: 'silent', fail: () => proxy.freeze() },
  ])('is not missed by an instance whose network was $name; its streams stay', async ({ fail }) => {
    const stream = await follow(there, ada);
    fail();
    for (let i = 0; i < 5; i += 1) await ada.create({ title: String(i) });
    expect(stream.changes).toEqual([]);
    proxy.mend();
    await stream.received(5);
    expect(stream.titles).toEqual(['0', '1', '2', '3', '4']);
    expect(stream.isClosed).toBe(false);
  });
});

describe('without notifications', () => {
  it('a stream has changes of its own instance at once', async () => {
    const stream = await follow(there, ada);
    await sql(`select pg_terminate_backend(pid) from pg_stat_activity where ${LISTENING}`);
    const response = await fetch(`${there}/api/v1/tasks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
      body: '{"title":"here"}',
    });
    expect(response.status).toBe(201);
    await stream.received(1);
    expect(stream.titles).toEqual(['here']);
  });
});

describe('a shutdown', () => {
  it('sends what was not notified yet', async () => {
    const databaseUrl = here.databaseUrl;
    const brief = await startApp({ ...SECRET_MODE, DATABASE_URL: databaseUrl });
    const stream = await follow(there, ada);
    const writes = Array.from({ length: 10 }, (_, i) =>
      fetch(`${brief.url}/api/v1/tasks`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ title: String(i) }),
      }),
    );
    await Promise.all(writes);
    await brief.close();
    await stream.received(10);
    expect(new Set(stream.titles).size).toBe(10);
  });
});
