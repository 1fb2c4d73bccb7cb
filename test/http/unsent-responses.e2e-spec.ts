import { connect, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import { countOf } from '../support/metrics.js';
import { until } from '../support/until.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

/** Number of pages of 2 MiB: several times what the kernel takes of a connection and what may wait here. */
const REQUESTS = 40;
/** Number that is asked for at a time: fewer than may wait for a connection to the database. */
const AT_ONCE = 20;
/** Compressing what the kernel buffers takes a busy machine long. */
const TIMEOUT_MS = 150_000;

jest.setTimeout(TIMEOUT_MS + 30_000);

describe('responses that are not read', () => {
  const app = useApp(SECRET_MODE);
  let ada: TestUser;
  let bob: TestUser;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    [ada, bob] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'bob')];
    await asDatabaseOwner(
      app,
      `insert into task (owner_id, id, title, description)
       select owner, gen_random_uuid(), 'large', repeat('あ', 10000)
         from generate_series(1, 60), unnest(array['ada', 'bob']) as owner`,
    );
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  const requestOf = ({ token }: TestUser, coding = 'identity') =>
    `GET /api/v1/tasks?limit=200 HTTP/1.1\r\nHost: x\r\nAccept-Encoding: ${coding}\r\nAuthorization: Bearer ${token}\r\n\r\n`;

  /** Opens a connection whose responses are not read. */
  function openUnread(): Socket {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname).pause();
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  }

  /** Requests many pages over a connection, and reads none. */
  function stall(user: TestUser): void {
    openUnread().write(requestOf(user).repeat(REQUESTS));
  }

  /** Requests more pages until one is refused, because the kernel buffers an unknown number. */
  async function stallUntilRefused(
    user: TestUser,
    connections: number,
    coding?: string,
  ): Promise<void> {
    for (let n = 0; n < connections; n += 1) openUnread();
    const more = requestOf(user, coding).repeat(Math.floor(AT_ONCE / connections));
    await until(async () => {
      for (const socket of sockets) socket.write(more);
      return (await large(user)).status === 429;
    }, TIMEOUT_MS);
  }

  const large = (user: TestUser) =>
    user.api('/tasks?limit=200', { headers: { 'accept-encoding': 'identity' } });

  it.each([
    { what: 'over one connection', connections: 1 },
    { what: 'over ten connections', connections: 10 },
  ])(
    '$what are bounded a user, and make room again when they are gone',
    async ({ connections }) => {
      await stallUntilRefused(ada, connections);
      const before = await countOf(app, 'taskward_refused_total unread_responses');
      const { body, headers } = await large(ada);
      const refused = await countOf(app, 'taskward_refused_total unread_responses');
      expect(refused).toBeGreaterThan(before);
      expect(body).toMatchObject({ status: 429, code: 'too_many_concurrent_requests' });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(headers.get('link')).toBeNull();
      expect((await large(bob)).status).toBe(200);
      for (const socket of sockets.splice(0)) socket.destroy();
      await until(async () => (await large(ada)).status === 200);
    },
  );

  it('are bounded while they are compressed, too', async () => {
    const eve = await mintUser(app.url, 'eve');
    await asDatabaseOwner(
      app,
      `insert into task (owner_id, id, title, description)
       select 'eve', gen_random_uuid(), 'incompressible', letters
         from generate_series(1, 60),
              (select string_agg(chr(20000 + (random() * 20000)::int), '') as letters
                 from generate_series(1, 10000)) as random_letters`,
    );
    await stallUntilRefused(eve, 2, 'gzip');
    expect((await large(bob)).status).toBe(200);
    for (const socket of sockets.splice(0)) socket.destroy();
    await until(async () => (await large(eve)).status === 200);
  });

  it('hold up no small response, and no acknowledgement of a change', async () => {
    stall(ada);
    await until(async () => (await large(ada)).status === 429, 30_000);
    expect((await ada.api('/tasks?limit=1&q=nothing')).status).toBe(200);
    const task = { title: 'made', description: 'あ'.repeat(10_000) };
    expect((await ada.api('/tasks', { method: 'POST', json: task })).status).toBe(201);
  });

  it('make room when they are read', async () => {
    stall(ada);
    await until(async () => (await large(ada)).status === 429, 30_000);
    for (const socket of sockets) socket.resume();
    await expect(until(async () => (await large(ada)).status === 200)).resolves.toBeUndefined();
  });
});
