import { describe, expect, it } from '@jest/globals';
import {
  type ClientOptions,
  createClient,
  NetworkError,
  ProblemError,
  SignedOutError,
  type TaskwardClient,
} from '../../clients/typescript/src/index.js';
import { useApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';
import { ClientFetch } from '../support/client-fetch.js';
import { callAuth, signIn } from '../support/identity.js';
import { until } from '../support/until.js';

const TOKEN = '/api/auth/token';
const TASKS = '/api/v1/tasks';

const app = useApp();

/** A client of a new user, and the requests that it sends. */
async function openClient(
  options: Partial<ClientOptions> = {},
): Promise<{ client: TaskwardClient; browser: ClientFetch; user: TestUser }> {
  const user = await signUp(app.url);
  const browser = new ClientFetch(user.cookie);
  const client = createClient({ baseUrl: app.url, fetch: browser.fetch, ...options });
  return { client, browser, user };
}

const create = (client: TaskwardClient, title = 'Buy milk') =>
  client.POST(TASKS, { body: { title } });

describe('the token of the TypeScript client', () => {
  it('is fetched once for any number of parallel calls', async () => {
    const { client, browser } = await openClient();
    const calls = Array.from({ length: 20 }, () => client.GET(TASKS));
    for (const { response } of await Promise.all(calls)) expect(response.status).toBe(200);
    expect(browser.statusesOf(TOKEN)).toEqual([200]);
  });

  it('is replaced once when it is refused', async () => {
    const { user } = await openClient();
    const tokens = ['spoilt', user.token, 'unused'];
    const { client, browser } = await openClient({
      getToken: () => Promise.resolve(tokens.shift() ?? null),
    });
    const { data } = await client.GET('/api/v1/me');
    expect(data.id).toBe(user.id);
    expect(browser.statusesOf('/api/v1/me')).toEqual([401, 200]);
    expect(tokens).toEqual(['unused']);
  });

  it('is given up when a new one is refused too', async () => {
    const tokens = ['spoilt', 'spoilt too', 'unused'];
    const { client, browser } = await openClient({
      getToken: () => Promise.resolve(tokens.shift() ?? null),
    });
    const error: unknown = await client.GET('/api/v1/me').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SignedOutError);
    expect(error).toMatchObject({ reason: 'token_refused', problem: { code: 'invalid_token' } });
    expect(browser.statusesOf('/api/v1/me')).toEqual([401, 401]);
  });

  it('is not sent again if there is no other', async () => {
    const { client, browser } = await openClient({ getToken: () => Promise.resolve('pasted') });
    await expect(client.GET('/api/v1/me')).rejects.toBeInstanceOf(SignedOutError);
    expect(browser.statusesOf('/api/v1/me')).toEqual([401]);
  });

  it('ends with its session, and comes back with a new one of the same user', async () => {
    const { client, browser, user } = await openClient();
    await client.GET(TASKS);
    await callAuth(app.url, '/sign-out', {}, user.cookie);
    await until(async () => {
      const error: unknown = await client.GET(TASKS).catch((reason: unknown) => reason);
      return error instanceof SignedOutError && error.reason === 'signed_out';
    });
    browser.cookie = await signIn(app.url, user.email);
    expect((await create(client)).response.status).toBe(201);
  });

  it('never becomes that of another user', async () => {
    const { client, browser, user } = await openClient();
    await create(client, 'Ada’s');
    const other = await signUp(app.url, 'grace');
    browser.cookie = other.cookie;
    await callAuth(app.url, '/sign-out', {}, user.cookie);
    await until(async () => {
      const error: unknown = await create(client).catch((reason: unknown) => reason);
      return error instanceof SignedOutError && error.reason === 'other_user';
    });
    expect(await other.list()).toEqual({ data: [], nextCursor: null });
    client.forgetToken();
    await create(client, 'Grace’s');
    expect((await other.list()).data).toMatchObject([{ title: 'Grace’s' }]);
  });

  it('is not handed to a call that began before forgetToken()', async () => {
    const { client, browser } = await openClient();
    browser.before = ({ url }) => {
      if (url.endsWith(TOKEN)) client.forgetToken();
    };
    await expect(create(client)).rejects.toBeInstanceOf(SignedOutError);
    expect(browser.statusesOf(TASKS)).toEqual([]);
  });

  it('is sent to the API of its origin alone, and the cookie is not', async () => {
    const { client, browser } = await openClient();
    await create(client);
    await client.GET('/health/live');
    await client
      .GET('/api/v1/me', { baseUrl: app.url.replace('127.0.0.1', 'localhost') })
      .catch(() => undefined);
    const withToken = browser.sent.filter(({ headers }) => headers.has('authorization'));
    expect(withToken.map(({ path }) => path)).toEqual([TASKS]);
    expect(withToken.map(({ headers }) => headers.get('cookie'))).toEqual([null]);
  });
});

describe('the errors of the TypeScript client', () => {
  it('are problems with their code, their rules and their request id', async () => {
    const { client } = await openClient();
    const error: unknown = await create(client, '').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      name: 'ProblemError',
      status: 422,
      code: 'validation_failed',
      errors: [{ pointer: '/title' }],
      requestId: expect.stringMatching(/^\S+$/) as unknown,
    });
  });

  it('carry the code of Better Auth, whose requests are sent once', async () => {
    const { client, browser, user } = await openClient();
    const body = { email: user.email, password: 'wrong horse battery' };
    const error: unknown = await client
      .POST('/api/auth/sign-in/email', { body })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 401, code: 'INVALID_EMAIL_OR_PASSWORD' });
    browser.before = () => {
      throw new TypeError('fetch failed');
    };
    await expect(client.POST('/api/auth/sign-in/email', { body })).rejects.toBeInstanceOf(
      NetworkError,
    );
    expect(browser.statusesOf('/api/auth/sign-in')).toEqual([401]);
  });

  it('name the status of a response that is no problem', async () => {
    const { client, browser } = await openClient({ maxRetries: 0 });
    browser.after = () => new Response('<h1>Bad Gateway</h1>', { status: 502 });
    const error: unknown = await client.GET('/health/live').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 502, code: 'http_502', errors: [] });
  });

  it('are the reason of a signal that the caller aborts', async () => {
    const { client, browser } = await openClient();
    const controller = new AbortController();
    browser.after = () => {
      controller.abort(new Error('left the page'));
      throw new TypeError('fetch failed');
    };
    const { signal } = controller;
    await expect(client.GET('/health/live', { signal })).rejects.toThrow('left the page');
  });
});

describe('pages() of the TypeScript client', () => {
  it('reads all pages of a list, and the rest from a cursor', async () => {
    const { client, user } = await openClient();
    for (const title of ['a', 'b', 'c', 'd', 'e']) await user.create({ title });
    const pages: string[][] = [];
    let second: string | null = null;
    for await (const { data, nextCursor } of client.pages(TASKS, { sort: 'title', limit: 2 })) {
      second ??= nextCursor;
      pages.push(data.map(({ title }) => title));
    }
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    const query = { sort: 'title' as const, limit: 2, cursor: second ?? '' };
    const { value } = await client.pages(TASKS, query).next();
    expect(value?.data.map(({ title }) => title)).toEqual(['c', 'd']);
  });
});
