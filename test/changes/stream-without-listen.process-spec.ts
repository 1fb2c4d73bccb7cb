import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { API_ROLE } from '../../src/database/connection.js';
import { startApp, type TestApp } from '../support/app.js';
import { silentChange } from '../support/changes.js';
import type { TestUser } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { closeStreams, follow } from '../support/event-stream.js';
import { useOwnServer } from '../support/own-server.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

/** Milliseconds between polls, with some for a busy machine. */
const MAX_DELAY_MS = 1_000 + 4_000;

const server = useOwnServer();
let directUrl: string;
let proxy: DatabaseProxy;
let app: TestApp;
let ada: TestUser;

beforeAll(async () => {
  await server.asSuperuser('create database streams');
  directUrl = Object.assign(new URL(server.url), { pathname: '/streams' }).href;
  proxy = new DatabaseProxy(directUrl);
  app = await startApp({
    ...SECRET_MODE,
    DATABASE_URL: await proxy.start(),
    DATABASE_API_URL: server.urlOf(API_ROLE, 'streams', 'hunter2-is-no-password'),
  });
  ada = await mintUser(app.url, 'ada');
});
afterAll(async () => {
  closeStreams();
  await app.close();
  await proxy.stop();
});

it('while notifications cannot arrive, changes of other instances do, within a second or so', async () => {
  const { id } = await ada.create({ title: 'first' });
  const stream = await follow(app.url, ada);
  proxy.cut();
  for (let round = 1; round <= 3; round += 1) {
    const start = performance.now();
    await withOwner(directUrl, (client) => client.query(silentChange(ada.id, id, String(round))));
    await stream.received(round);
    expect(performance.now() - start).toBeLessThan(MAX_DELAY_MS);
  }
  expect(stream.titles).toEqual(['1', '2', '3']);
});
