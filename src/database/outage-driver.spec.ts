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
  it.each<{ name: string; text: string; steps: ((socket: Socket) => void)[]; more: ClientConfig }>([
    {
      name: 'the server is silent',
      text: 'timeout expired',
      steps: [],
      more: { connectionTimeoutMillis: 50 },
    },
    { name: 'it hangs up', text: 'Connection terminated unexpectedly', steps: [hangUp], more: {} },
    { name: 'it resets the line', text: 'ECONNRESET', steps: [reset], more: {} },
    {
      name: 'it has no TLS',
      text: 'The server does not support SSL connections',
      steps: [reply('N')],
      more: { ssl: true },
    },
    {
      name: 'it fails before TLS',
      text: 'There was an error establishing an SSL connection',
      steps: [reply('E')],
      more: { ssl: true },
    },
    {
      name: 'its TLS is none',
      text: 'EPROTO ',
      steps: [reply('S'), reply('nonsense')],
      more: { ssl: true },
    },
    {
      name: 'it speaks otherwise',
      text: 'received invalid response: 78',
      steps: [reply(NONSENSE)],
      more: {},
    },
    {
      name: 'it requests another mechanism',
      text: 'SASL: Only mechanism(s)',
      steps: [reply(SASL('OTHER'))],
      more: {},
    },
    {
      name: 'it proves to be another',
      text: 'SASL: SCRAM-SERVER-FIRST',
      steps: [reply(SASL('SCRAM-SHA-256')), reply(WRONG_NONCE)],
      more: {},
    },
    { name: 'it is starting', text: '57P03 ', steps: [reply(failure('57P03'))], more: {} },
    { name: 'it refuses the password', text: '28P01 ', steps: [reply(failure('28P01'))], more: {} },
    { name: 'it refuses the role', text: '28000 ', steps: [reply(failure('28000'))], more: {} },
    { name: 'it has no such database', text: '3D000 ', steps: [reply(failure('3D000'))], more: {} },
    { name: 'no server is listening', text: 'ECONNREFUSED', steps: [], more: { port: 1 } },
    { name: 'its socket is not there', text: 'ENOENT', steps: [], more: { host: '/nowhere' } },
    {
      name: 'its name is unknown',
      text: 'ENOTFOUND',
      steps: [],
      more: { host: 'nowhere.invalid' },
    },
  ])('$name', async ({ text, steps, more }) => {
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

  it.each<{ name: string; text: string; steps: ((socket: Socket) => void)[]; more: ClientConfig }>([
    {
      name: 'the server hangs up',
      text: 'Connection terminated unexpectedly',
      steps: [hangUp],
      more: {},
    },
    { name: 'it resets the line', text: 'ECONNRESET', steps: [reset], more: {} },
    {
      name: 'it does not respond',
      text: 'Query read timeout',
      steps: [],
      more: { query_timeout: 50 },
    },
    { name: 'it is shut down', text: '57P01 ', steps: [reply(failure('57P01'))], more: {} },
    {
      name: 'it sends nonsense',
      text: 'received invalid response',
      steps: [reply(NONSENSE)],
      more: {},
    },
  ])('$name', async ({ text, steps, more }) => {
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
    { name: 'rowDescription', bytes: message('T', Buffer.alloc(2)) },
    { name: 'dataRow', bytes: message('D', Buffer.alloc(2)) },
    { name: 'portalSuspended', bytes: message('s', Buffer.alloc(0)) },
    { name: 'emptyQuery', bytes: message('I', Buffer.alloc(0)) },
    { name: 'commandComplete', bytes: message('C', Buffer.from('SELECT 1\0')) },
    { name: 'parseComplete', bytes: message('1', Buffer.alloc(0)) },
    { name: 'copyInResponse', bytes: message('G', Buffer.alloc(3)) },
    { name: 'copyData', bytes: message('d', Buffer.alloc(0)) },
  ])(
    'closes the connection when the server sends an unsolicited $name',
    async ({ name, bytes }) => {
      const client = await connected([]);
      const emitted = once(client, 'error');
      for (const socket of sockets) socket.write(bytes);
      const [error] = (await emitted) as [Error];
      await expectOutage(
        Promise.reject(error),
        `Received unexpected ${name} message from backend.`,
      );
    },
  );
});

describe('a pool without a connection to give is an outage:', () => {
  it('as none can be made', async () => {
    behaviour = [];
    const pool = poolFor({ connectionTimeoutMillis: 50 });
    await expectOutage(pool.connect(), 'Connection terminated due to connection timeout');
  });

  it('as all are in use', async () => {
    behaviour = [reply(WELCOME)];
    // Long enough for the first connection on a busy machine.
    const pool = poolFor({ connectionTimeoutMillis: 2_000 });
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
