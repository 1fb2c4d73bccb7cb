import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeStalledReaders } from '../../src/http/stalled-readers.js';
import { startApp, type TestApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import { closeStreams, follow } from '../support/event-stream.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { until } from '../support/until.js';

/** Tasks of 30 kB each. */
const TASKS = 40;
/** Bytes that a stream may hold for its client: the buffer of a response, and the event that filled it. */
const MAX_BUFFERED_BYTES = 256 * 1024;
/** Interval of the checks of readers in place of a second, of which 30 are allowed. */
const CHECK_INTERVAL_MS = 50;

let app: TestApp;
let ada: TestUser;
const sockets: Socket[] = [];
const responses: ServerResponse[] = [];

/** Logs a change of every task, until the kernel takes no more of a client that does not read. */
const CHANGE_ALL = `
  with counter as (
    update change_counter set seq = seq + ${String(TASKS)} where owner_id = 'ada' returning seq
  )
  insert into change (owner_id, seq, type, id, version)
  select 'ada', seq - ${String(TASKS)} + row_number() over (), 'task.updated', id, 1
    from task, counter where owner_id = 'ada' and title = 'large';
  select pg_notify('taskward_changes', '["another instance", "ada"]')`;

beforeEach(async () => {
  app = await startApp(SECRET_MODE);
  const server = app.nest.getHttpServer();
  server.on('request', (_, response) => responses.push(response));
  ada = await mintUser(app.url, 'ada');
  await asDatabaseOwner(
    app,
    `insert into task (owner_id, id, title, description)
     select 'ada', gen_random_uuid(), 'large', repeat('あ', 10000)
       from generate_series(1, ${String(TASKS)});
     insert into change_counter (owner_id, seq) values ('ada', 0)`,
  );
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  closeStreams();
  responses.length = 0;
  await app.close();
});

/** Opens a stream that nobody reads; resolves once it is full. */
async function stall(): Promise<ServerResponse> {
  const { hostname, port } = new URL(app.url);
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => undefined);
  sockets.push(socket);
  responses.length = 0;
  socket.write(
    `GET /api/v1/changes/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`,
  );
  await until(async () => {
    await asDatabaseOwner(app, CHANGE_ALL);
    return responses[0]?.writableNeedDrain === true;
  });
  const [response] = responses;
  if (response === undefined) throw new Error('There is a response, as it is full.');
  return response;
}

describe('a client that does not read', () => {
  it('has little in this process, and is cut; other streams go on', async () => {
    closeStalledReaders(app.nest.getHttpServer(), CHECK_INTERVAL_MS);
    const read = await follow(app.url, ada);
    const response = await stall();
    expect(response.writableLength).toBeLessThan(MAX_BUFFERED_BYTES);
    const { id } = await ada.create({ title: 'later' });
    await until(() => Promise.resolve(read.events.some(({ data }) => data.includes(id))));
    expect(response.writableLength).toBeLessThan(MAX_BUFFERED_BYTES);
    await until(() => Promise.resolve(response.closed));
  });

  it('does not hold up a shutdown for long', async () => {
    const response = await stall();
    const start = performance.now();
    const closed = app.close();
    await until(() => Promise.resolve(response.closed));
    await closed;
    // As long as the end of a stream waits for its client, and then some.
    expect(performance.now() - start).toBeLessThan(2_000 + 3_000);
  });
});
