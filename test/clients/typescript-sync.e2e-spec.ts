import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createClient,
  MemoryStore,
  SignedOutError,
  type Store,
  type TaskwardClient,
} from '../../clients/typescript/src/index.js';
import { ChangesServer, sendProblem } from '../support/changes-server.js';
import { until } from '../support/until.js';

const STREAM = '/changes/stream';
const TASKS = '/tasks';

let server: ChangesServer;
let client: TaskwardClient;
let stop: AbortController;
let store: MemoryStore;

beforeEach(async () => {
  server = new ChangesServer();
  const baseUrl = await server.start();
  client = createClient({ baseUrl, getToken: () => Promise.resolve(server.bearer) });
  stop = new AbortController();
  store = new MemoryStore();
});
afterEach(async () => {
  stop.abort(new Error('the test has ended'));
  await server.stop();
});

/** Runs in the background; resolves to the error that ends it. */
const sync = (target: Store = store): Promise<unknown> =>
  client.sync(target, { signal: stop.signal }).catch((error: unknown) => error);

const hasAll = () => until(() => Promise.resolve(store.readToken() === server.token));

const expectCopy = () => {
  expect(Object.fromEntries(store.tasks)).toEqual(Object.fromEntries(server.tasks));
};

describe('sync() of the TypeScript client', () => {
  it('reads everything, and then keeps in step', async () => {
    for (const id of ['a', 'b', 'c']) server.append(id);
    void sync();
    await hasAll();
    expectCopy();
    server.append('a', 'changed');
    server.append('b', null);
    server.append('d');
    await hasAll();
    expectCopy();
    expect(server.count(TASKS)).toBe(1);
  });

  it('misses no change that falls into the full read', async () => {
    server.append('a');
    server.append('b');
    server.intercept = ({ url = '' }, response) => {
      if (!url.startsWith('/api/v1/tasks')) return false;
      server.append('a', 'before the page is read');
      response.on('finish', () => {
        server.append('b', null);
        server.append('c');
      });
      return false;
    };
    void sync();
    await until(() => Promise.resolve(server.count(STREAM) === 1));
    await hasAll();
    expect(server.log).toHaveLength(5);
    expectCopy();
  });

  it('continues from the token in the store, without another full read', async () => {
    server.append('a');
    void sync();
    await hasAll();
    stop.abort();
    server.append('b');
    stop = new AbortController();
    void sync();
    await hasAll();
    expectCopy();
    expect(server.count(TASKS)).toBe(1);
  });

  it('reads everything again when its token has expired', async () => {
    server.append('a');
    server.append('b');
    store.replaceAll({ tasks: [], lists: [] }, 't0');
    server.purged = 1;
    void sync();
    await hasAll();
    expectCopy();
    expect(server.count(STREAM, 410)).toBe(1);
    expect(server.count(TASKS)).toBe(1);
  });

  it('rejects with the errors of its store, and with a refused token', async () => {
    const broken = new MemoryStore();
    broken.apply = () => {
      throw new Error('disk full');
    };
    const failed = sync(broken);
    await until(() => Promise.resolve(server.streams.size === 1));
    server.append('a');
    await expect(failed).resolves.toMatchObject({ message: 'disk full' });
    await until(() => Promise.resolve(server.streams.size === 0));
    server.intercept = (_request, response) => {
      sendProblem(response, 400, 'invalid_parameter');
      return true;
    };
    await expect(sync(broken)).resolves.toMatchObject({ code: 'invalid_parameter' });
  });

  it('ends with forgetToken(), and with the reason of its signal', async () => {
    const first = sync();
    await until(() => Promise.resolve(server.streams.size === 1));
    client.forgetToken();
    await expect(first).resolves.toBeInstanceOf(SignedOutError);
    const second = sync();
    stop.abort(new Error('left the page'));
    await expect(second).resolves.toMatchObject({ message: 'left the page' });
  });
});
