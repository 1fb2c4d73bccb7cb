import { describe, expect, it } from '@jest/globals';
import { createClient, passwordSession } from '../../clients/typescript/src/index.js';
import { useApp } from '../support/app.js';
import { signUp } from '../support/client.js';
import { callAuth, PASSWORD } from '../support/identity.js';

const app = useApp();

/** Opens a session that notes the paths of its requests. */
async function openSession(password = PASSWORD) {
  const { email, cookie } = await signUp(app.url);
  const paths: string[] = [];
  const session = passwordSession({
    baseUrl: app.url,
    email,
    password,
    fetch: (input, init) => {
      const request = new Request(input, init);
      paths.push(new URL(request.url).pathname.replace('/api/auth', ''));
      return fetch(request);
    },
  });
  return { session, paths, email, cookie };
}

const claimsOf = (token: string | null) =>
  JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()) as { sid: string };

describe('a session that a password opens', () => {
  it('is one for all tokens, and signs in when the first is needed', async () => {
    const { session, paths } = await openSession();
    expect(paths).toEqual([]);
    const [first, second] = [await session.getToken(), await session.getToken()];
    expect(claimsOf(second).sid).toBe(claimsOf(first).sid);
    expect(paths).toEqual(['/sign-in/email', '/token', '/token']);
  });

  it('is opened again after it has ended', async () => {
    const { session, paths, cookie } = await openSession();
    const first = await session.getToken();
    const { status } = await callAuth(app.url, '/revoke-sessions', {}, cookie);
    expect(status).toBe(200);
    paths.length = 0;
    const second = await session.getToken();
    expect(claimsOf(second).sid).not.toBe(claimsOf(first).sid);
    expect(paths).toEqual(['/token', '/sign-in/email', '/token']);
  });

  it('ends with signOut(), and then only a new sign-in has tokens', async () => {
    const { session, paths } = await openSession();
    await session.signOut();
    expect(paths).toEqual([]);
    await session.getToken();
    await session.signOut();
    await session.getToken();
    expect(paths).toEqual(['/sign-in/email', '/token', '/sign-out', '/sign-in/email', '/token']);
  });

  it('with a wrong password tries it once', async () => {
    const { session, paths } = await openSession('a wrong password');
    const client = createClient({ baseUrl: app.url, getToken: session.getToken });
    const error: unknown = await client.GET('/api/v1/me').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 401 });
    expect(paths).toEqual(['/sign-in/email']);
  });
});
