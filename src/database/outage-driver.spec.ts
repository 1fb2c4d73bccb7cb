import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, type ClientConfig, Pool } from 'pg';
import { isOutage } from './outage.js';

/** Messages of `pg` itself when a server misbehaves as real servers do. */

const message = (type: string, body: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const failure = (state: string) => message('E', Buffer.from(`SFATAL\0VFATAL\0C${state}\0Mno\0\0`));
const WELCOME = Buffer.concat([message('R', number(0)), message('Z', Buffer.from('I'))]);
const NONSENSE = message('x', Buffer.alloc(0));
const WRONG_NONCE = message(
  'R',
  Buffer.concat([number(11), Buffer.from('r=nonce,s=c2FsdA==,i=4096')]),
);
const SASL = (mechanism: string) =>
  message('R', Buffer.concat([number(10), Buffer.from(`${mechanism}\0\0`)]));

/**
 * Reactions of the server to the messages that it receives, in order; none once the list is empty.
 */
let behaviour: ((socket: Socket) => void)[] = [];
let server: Server;
const sockets = new Set<Socket>();
const clients: Client[] = [];
const pools: Pool[] = [];

const reply = (bytes: Buffer | string) => (socket: Socket) => void socket.write(bytes);
const hangUp = (socket: Socket) => void socket.end();
const reset = (socket: Socket) => void socket.resetAndDestroy();

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    const steps = [...behaviour];
    socket.on('error', () => undefined).on('data', () => steps.shift()?.(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all([...clients, ...pools].map((it) => it.end()));
  for (const list of [clients, pools]) list.length = 0;
  sockets.clear();
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const config = (more: ClientConfig = {}): ClientConfig => ({
  host: '127.0.0.1',
  port: (server.address() as AddressInfo).port,
  user: 'ada',
  password: 'secret',
  database: 'taskward',
  ssl: false,
  ...more,
});

function clientFor(more?: ClientConfig): Client {
  const client = new Client(config(more));
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

function poolFor(more: ClientConfig): Pool {
  const pool = new Pool({ ...config(more), max: 1 });
  pool.on('error', () => undefined);
  pools.push(pool);
  return pool;
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const [outcome] = await Promise.allSettled([promise]);
  if (outcome.status === 'fulfilled') throw new Error('it did not fail');
  return outcome.reason as Error;
}

async function expectOutage(promise: Promise<unknown>, text: string): Promise<void> {
  const error = await errorOf(promise);
  expect(`${(error as { code?: string }).code ?? ''} ${error.message}`).toContain(text);
  expect(isOutage(error)).toBe(true);
}

const connect = (more?: ClientConfig) => clientFor(more).connect();

describe('a connection that cannot be made is an outage:', () => {
  it.each<[string, string, ((socket: Socket) => void)[], ClientConfig]>([
    ['the server is silent', 'timeout expired', [], { connectionTimeoutMillis: 50 }],
    ['it hangs up', 'Connection terminated unexpectedly', [hangUp], {}],
    ['it resets the line', 'ECONNRESET', [reset], {}],
    ['it has no TLS', 'The server does not support SSL connections', [reply('N')], { ssl: true }],
    [
      'it fails before TLS',
      'There was an error establishing an SSL connection',
      [reply('E')],
      { ssl: true },
    ],
    ['its TLS is none', 'EPROTO ', [reply('S'), reply('nonsense')], { ssl: true }],
    ['it speaks otherwise', 'received invalid response: 78', [reply(NONSENSE)], {}],
    ['it requests another mechanism', 'SASL: Only mechanism(s)', [reply(SASL('OTHER'))], {}],
    [
      'it proves to be another',
      'SASL: SCRAM-SERVER-FIRST',
      [reply(SASL('SCRAM-SHA-256')), reply(WRONG_NONCE)],
      {},
    ],
    ['it is starting', '57P03 ', [reply(failure('57P03'))], {}],
    ['it refuses the password', '28P01 ', [reply(failure('28P01'))], {}],
    ['it refuses the role', '28000 ', [reply(failure('28000'))], {}],
    ['it has no such database', '3D000 ', [reply(failure('3D000'))], {}],
    ['no server is listening', 'ECONNREFUSED', [], { port: 1 }],
    ['its socket is not there', 'ENOENT', [], { host: '/nowhere' }],
    ['its name is unknown', 'ENOTFOUND', [], { host: 'nowhere.invalid' }],
  ])('%s', async (_, text, steps, more) => {
    behaviour = steps;
    await expectOutage(connect(more), text);
  });
});

describe('a connection that is lost is an outage:', () => {
  async function connected(steps: ((socket: Socket) => void)[], more?: ClientConfig) {
    behaviour = [reply(WELCOME), ...steps];
    const client = clientFor(more);
    await client.connect();
    return client;
  }

  it.each<[string, string, ((socket: Socket) => void)[], ClientConfig]>([
    ['the server hangs up', 'Connection terminated unexpectedly', [hangUp], {}],
    ['it resets the line', 'ECONNRESET', [reset], {}],
    ['it does not respond', 'Query read timeout', [], { query_timeout: 50 }],
    ['it is shut down', '57P01 ', [reply(failure('57P01'))], {}],
    ['it sends nonsense', 'received invalid response', [reply(NONSENSE)], {}],
  ])('%s', async (_, text, steps, more) => {
    await expectOutage((await connected(steps, more)).query('select 1'), text);
  });

  it('lost before', async () => {
    const client = await connected([hangUp]);
    await errorOf(client.query('select 1'));
    await expectOutage(client.query('select 1'), 'connection error and is not queryable');
  });

  it('closed before, or meanwhile', async () => {
    const client = await connected([]);
    const query = client.query('select 1');
    void client.end();
    await expectOutage(query, 'Connection terminated');
    await expectOutage(client.query('select 1'), 'Client was closed and is not queryable');
  });

  it.each([
    ['rowDescription', message('T', Buffer.alloc(2))],
    ['dataRow', message('D', Buffer.alloc(2))],
    ['portalSuspended', message('s', Buffer.alloc(0))],
    ['emptyQuery', message('I', Buffer.alloc(0))],
    ['commandComplete', message('C', Buffer.from('SELECT 1\0'))],
    ['parseComplete', message('1', Buffer.alloc(0))],
    ['copyInResponse', message('G', Buffer.alloc(3))],
    ['copyData', message('d', Buffer.alloc(0))],
  ])('closes the connection when the server sends an unsolicited %s', async (name, bytes) => {
    const client = await connected([]);
    const emitted = once(client, 'error');
    for (const socket of sockets) socket.write(bytes);
    const [error] = (await emitted) as [Error];
    await expectOutage(Promise.reject(error), `Received unexpected ${name} message from backend.`);
  });
});

describe('a pool without a connection to give is an outage:', () => {
  it('as none can be made', async () => {
    behaviour = [];
    const pool = poolFor({ connectionTimeoutMillis: 50 });
    await expectOutage(pool.connect(), 'Connection terminated due to connection timeout');
  });

  it('as all are in use', async () => {
    behaviour = [reply(WELCOME)];
    const pool = poolFor({ connectionTimeoutMillis: 50 });
    const client = await pool.connect();
    await expectOutage(pool.connect(), 'timeout exceeded when trying to connect');
    client.release();
  });

  it('as it has been closed', async () => {
    const pool = new Pool(config());
    await pool.end();
    await expectOutage(pool.connect(), 'Cannot use a pool after calling end on the pool');
  });
});
