import { describe, expect, it } from '@jest/globals';
import { createClient, SignedOutError } from '../../clients/typescript/src/index.js';
import { useApp } from '../support/app.js';
import { signUp } from '../support/client.js';
import { ClientFetch } from '../support/client-fetch.js';
import { callAuth } from '../support/identity.js';
import { until } from '../support/until.js';

const STREAM = '/api/v1/changes/stream';
const TITLES = Array.from({ length: 20 }, (_, n) => `Task ${String(n)}`);

const app = useApp({ AUTH_TOKEN_TTL: '2s' });

/** A new user whose changes are followed: their titles, and the error that ends it. */
async function openFollower() {
  const user = await signUp(app.url);
  const browser = new ClientFetch(user.cookie);
  const client = createClient({ baseUrl: app.url, fetch: browser.fetch });
  const titles: (string | undefined)[] = [];
  const { data: now } = await client.GET('/api/v1/changes');
  const follow = async () => {
    for await (const change of client.changes.follow({ since: now.nextToken })) {
      titles.push('task' in change ? change.task?.title : change.list?.name);
    }
  };
  const ended = follow().catch((error: unknown) => error);
  await until(() => Promise.resolve(browser.statusesOf(STREAM).length > 0));
  return { user, browser, client, titles, ended };
}

describe('changes of Taskward that the TypeScript client follows', () => {
  it('arrive once and in order while tokens expire, until the session ends', async () => {
    const { user, browser, client, titles, ended } = await openFollower();
    for (const title of TITLES) {
      await client.POST('/api/v1/tasks', { body: { title } });
      const opened = browser.statusesOf(STREAM).length;
      // The next task is created after the token of the stream has expired.
      if (title.endsWith('3')) {
        await until(() => Promise.resolve(browser.statusesOf(STREAM).length > opened));
      }
    }
    await until(() => Promise.resolve(titles.length >= TITLES.length));
    expect(titles).toEqual(TITLES);
    expect(browser.statusesOf(STREAM).length).toBeGreaterThan(2);
    await callAuth(app.url, '/sign-out', {}, user.cookie);
    const error = await ended;
    expect(error).toBeInstanceOf(SignedOutError);
    expect(error).toMatchObject({ reason: 'signed_out' });
  });
});
