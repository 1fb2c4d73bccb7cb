import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, ProblemError } from '../../clients/typescript/src/index.js';
import { signUp } from '../support/client.js';
import { ClientFetch } from '../support/client-fetch.js';
import { type ProxiedApp, startProxiedApp } from '../support/proxied-app.js';
import { until } from '../support/until.js';

const TOKEN = '/api/auth/token';
const TASKS = '/api/v1/tasks';

let app: ProxiedApp;

beforeAll(async () => {
  app = await startProxiedApp({ AUTH_TOKEN_TTL: '2s' });
});
afterAll(() => app.close());

/** A client of a new user that never retries, and the requests that it sends. */
async function openClient() {
  const browser = new ClientFetch((await signUp(app.url)).cookie);
  const client = createClient({ baseUrl: app.url, fetch: browser.fetch, maxRetries: 0 });
  return { client, browser };
}

describe('a short-lived token of the TypeScript client', () => {
  it('is renewed once before it expires, so that no request is refused', async () => {
    const { client, browser } = await openClient();
    await until(async () => {
      await Promise.all([client.GET(TASKS), client.GET(TASKS)]);
      return browser.statusesOf(TOKEN).length > 1;
    });
    expect(browser.statusesOf(TOKEN)).toEqual([200, 200]);
    expect(new Set(browser.statusesOf(TASKS))).toEqual(new Set([200]));
  });

  it('cannot be renewed without the database, which is no sign-out', async () => {
    const { client, browser } = await openClient();
    await client.GET(TASKS);
    app.proxy.cut();
    try {
      await until(async () => {
        await client.GET(TASKS).catch(() => undefined);
        return browser.statusesOf(TOKEN).length > 1;
      });
      const error: unknown = await client.GET(TASKS).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ProblemError);
      expect(error).toMatchObject({ status: 503, code: 'database_unavailable' });
    } finally {
      app.proxy.mend();
    }
    await until(async () => (await client.GET(TASKS)).response.status === 200);
  });
});
