import { describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { asDatabaseOwner } from '../support/database.js';
import {
  callAuth,
  cookieOf,
  isSignedIn,
  newAddress,
  PASSWORD,
  signIn,
} from '../support/identity.js';
import { until } from '../support/until.js';

interface Session {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
}

const app = useApp();

const auth = <T>(path: string, json?: unknown, cookie?: string) =>
  callAuth<T>(app.url, path, json, cookie);

/** Somebody with two sessions. */
async function signUpAs(name: string) {
  const email = newAddress(name);
  const signedUp = await auth<{ user: { id: string } }>('/sign-up/email', {
    name,
    email,
    password: PASSWORD,
  });
  const here = cookieOf(signedUp);
  return { id: signedUp.body.user.id, email, here, there: await signIn(app.url, email) };
}

const list = async (cookie: string) =>
  (await auth<Session[]>('/list-sessions', undefined, cookie)).body;
/** The session that a cookie stands for. */
const sessionOf = async (cookie: string) =>
  (await auth<{ session: Session }>('/get-session', undefined, cookie)).body.session;
const areSignedIn = (...cookies: string[]) =>
  Promise.all(cookies.map((cookie) => isSignedIn(app.url, cookie)));

describe('the list of sessions', () => {
  it('shows those of the caller and no other', async () => {
    const [ada, bob] = [await signUpAs('ada'), await signUpAs('bob')];
    const sessions = await list(ada.here);
    const mine = [(await sessionOf(ada.here)).id, (await sessionOf(ada.there)).id];
    expect(sessions.map(({ id }) => id).sort()).toEqual(mine.sort());
    expect(new Set(sessions.map(({ userId }) => userId))).toEqual(new Set([ada.id]));
    expect(await list(bob.here)).toHaveLength(2);
  });

  it('shows no session that has ended or run out', async () => {
    const ada = await signUpAs('ada');
    const { id } = await sessionOf(ada.there);
    await asDatabaseOwner(app, `update auth.session set "expiresAt" = now() where id = '${id}'`);
    expect(await list(ada.here)).toHaveLength(1);
    const third = await signIn(app.url, ada.email);
    await auth('/sign-out', {}, third);
    expect(await list(ada.here)).toHaveLength(1);
  });

  it('shows nothing that signs in', async () => {
    const ada = await signUpAs('ada');
    const [name = ''] = ada.here.split('=');
    for (const { token } of await list(ada.here)) {
      expect(await isSignedIn(app.url, `${name}=${token}`)).toBe(false);
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await fetch(`${app.url}/api/v1/tasks`, { headers });
      expect(status).toBe(401);
    }
  });

  it('needs a sign-in of the last day, and ending sessions does not', async () => {
    const ada = await signUpAs('ada');
    const age = (hours: number) =>
      asDatabaseOwner(
        app,
        `update auth.session set "createdAt" = now() - interval '${String(hours)} hours'
          where "userId" = '${ada.id}'`,
      );
    await age(23);
    expect(await list(ada.here)).toHaveLength(2);
    await age(25);
    const { status, body } = await auth('/list-sessions', undefined, ada.here);
    expect([status, body]).toEqual([403, expect.objectContaining({ code: 'SESSION_NOT_FRESH' })]);
    expect((await auth('/revoke-other-sessions', {}, ada.here)).status).toBe(200);
    expect(await areSignedIn(ada.here, ada.there)).toEqual([true, false]);
  });
});

describe('a session', () => {
  it('is ended by its user from another', async () => {
    const ada = await signUpAs('ada');
    const { token } = await sessionOf(ada.there);
    const { status, body } = await auth('/revoke-session', { token }, ada.here);
    expect([status, body]).toEqual([200, { status: true }]);
    expect(await areSignedIn(ada.here, ada.there)).toEqual([true, false]);
  });

  it('cannot be ended by another user, to whom its existence is not revealed', async () => {
    const [ada, eve] = [await signUpAs('ada'), await signUpAs('eve')];
    const { token } = await sessionOf(ada.here);
    const foreign = await auth('/revoke-session', { token }, eve.here);
    const missing = await auth('/revoke-session', { token: 'A'.repeat(32) }, eve.here);
    expect([foreign.status, foreign.body]).toEqual([missing.status, missing.body]);
    expect(await areSignedIn(ada.here, ada.there)).toEqual([true, true]);
  });

  it.each(['/revoke-session', '/revoke-other-sessions', '/revoke-sessions'])(
    'is not ended by %s without one, or with one that has ended',
    async (path) => {
      const ada = await signUpAs('ada');
      const { token } = await sessionOf(ada.here);
      const ended = await signIn(app.url, ada.email);
      await auth('/sign-out', {}, ended);
      for (const cookie of ['', ended]) {
        expect((await auth(path, { token }, cookie)).status).toBe(401);
      }
      expect(await areSignedIn(ada.here, ada.there)).toEqual([true, true]);
    },
  );
});

describe('the end of a session', () => {
  it.each([
    { path: '/sign-out', json: {} },
    { path: '/revoke-sessions', json: {} },
    { path: '/delete-user', json: { password: PASSWORD } },
  ])("by $path clears the browser's cache", async ({ path, json }) => {
    const ada = await signUpAs('ada');
    const { status, headers } = await auth(path, json, ada.here);
    expect([status, headers.get('clear-site-data')]).toEqual([200, '"cache"']);
  });

  it('that is refused has it forget nothing', async () => {
    const ada = await signUpAs('ada');
    const { status, headers } = await auth('/delete-user', { password: 'a wrong guess' }, ada.here);
    expect([status, headers.get('clear-site-data')]).toEqual([400, null]);
  });

  // A browser may have the cookie of the next session by then.
  it.each([
    { path: '/token', json: undefined },
    { path: '/get-session', json: undefined },
    { path: '/list-sessions', json: undefined },
    { path: '/update-user', json: { name: 'Ada' } },
    { path: '/revoke-session', json: { token: 'A'.repeat(32) } },
    { path: '/revoke-other-sessions', json: {} },
    { path: '/revoke-sessions', json: {} },
    {
      path: '/change-password',
      json: { currentPassword: PASSWORD, newPassword: 'a new horse battery' },
    },
    { path: '/delete-user', json: { password: PASSWORD } },
  ])('is no reason for $path to remove a cookie', async ({ path, json }) => {
    const ada = await signUpAs('ada');
    await auth('/sign-in/email', { email: ada.email, password: PASSWORD }, ada.here);
    const { status, headers } = await auth(path, json, ada.here);
    expect([status, headers.getSetCookie()]).toEqual([path === '/get-session' ? 200 : 401, []]);
  });

  it('removes its cookie where it was requested', async () => {
    const ada = await signUpAs('ada');
    const third = await signIn(app.url, ada.email);
    const { token } = await sessionOf(third);
    for (const [path, json, cookie] of [
      ['/sign-out', {}, ada.there],
      ['/revoke-session', { token }, third],
      ['/revoke-sessions', {}, ada.here],
    ] as const) {
      const { headers } = await auth(path, json, cookie);
      expect([path, headers.getSetCookie().join()]).toEqual([
        path,
        expect.stringMatching(/session_token=; Max-Age=0/),
      ]);
    }
  });
});

describe('a sign-in', () => {
  const credentials = (email: string) => ({ email, password: PASSWORD });

  it('ends the session whose cookie it came with, and no other', async () => {
    const ada = await signUpAs('ada');
    const tokenOf = async (cookie: string) =>
      (await auth<{ token: string }>('/token', undefined, cookie)).body.token;
    const token = await tokenOf(ada.here);
    const next = cookieOf(await auth('/sign-in/email', credentials(ada.email), ada.here));
    expect(await areSignedIn(ada.here, ada.there, next)).toEqual([false, true, true]);
    const headers = { authorization: `Bearer ${token}` };
    await until(async () => {
      const { status } = await fetch(`${app.url}/api/v1/tasks`, { headers });
      return status === 401;
    });
  });

  it('ends the session of the previous user of the browser', async () => {
    const [ada, eve] = [await signUpAs('ada'), await signUpAs('eve')];
    await auth('/sign-in/email', credentials(eve.email), ada.here);
    expect(await areSignedIn(ada.here, ada.there, eve.here)).toEqual([false, true, true]);
  });

  it('that is refused ends no session, and neither does a cookie that was altered', async () => {
    const ada = await signUpAs('ada');
    const wrong = { ...credentials(ada.email), password: 'a wrong guess' };
    expect((await auth('/sign-in/email', wrong, ada.here)).status).toBe(401);
    const altered = ada.here.replace(/.{4}$/, 'AAAA');
    expect((await auth('/sign-in/email', credentials(ada.email), altered)).status).toBe(200);
    expect(await areSignedIn(ada.here, ada.there)).toEqual([true, true]);
  });
});

describe('all sessions', () => {
  it('but one are ended by it, and those of others are not', async () => {
    const [ada, bob] = [await signUpAs('ada'), await signUpAs('bob')];
    expect((await auth('/revoke-other-sessions', {}, ada.here)).status).toBe(200);
    expect(await areSignedIn(ada.here, ada.there, bob.here)).toEqual([true, false, true]);
  });

  it('but one are ended by it, however many there are', async () => {
    const ada = await signUpAs('ada');
    await asDatabaseOwner(
      app,
      `insert into auth.session (id, token, "userId", "expiresAt", "updatedAt")
       select gen_random_uuid(), gen_random_uuid(), '${ada.id}', now() + interval '1 day', now()
         from generate_series(1, 150)`,
    );
    expect((await list(ada.here)).length).toBe(152);
    expect((await auth('/revoke-other-sessions', {}, ada.here)).status).toBe(200);
    expect((await list(ada.here)).map(({ id }) => id)).toEqual([(await sessionOf(ada.here)).id]);
  });

  it('are ended by one of them, and those of others are not', async () => {
    const [ada, bob] = [await signUpAs('ada'), await signUpAs('bob')];
    expect((await auth('/revoke-sessions', {}, ada.here)).status).toBe(200);
    expect(await areSignedIn(ada.here, ada.there, bob.here)).toEqual([false, false, true]);
    expect((await auth('/token', undefined, ada.here)).status).toBe(401);
  });

  it('are ended by a changed password, and a new one begins', async () => {
    const [ada, bob] = [await signUpAs('ada'), await signUpAs('bob')];
    const json = { currentPassword: PASSWORD, newPassword: 'a new horse battery' };
    const changed = await auth('/change-password', json, ada.here);
    expect(changed.status).toBe(200);
    const fresh = cookieOf(changed);
    expect(await areSignedIn(ada.here, ada.there, fresh, bob.here)).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(await list(fresh)).toHaveLength(1);
  });

  it.each([{ revokeOtherSessions: false }, { revokeOtherSessions: 'no' }, {}])(
    'are ended by a changed password, whatever is requested: %j',
    async (wish) => {
      const ada = await signUpAs('ada');
      const json = { currentPassword: PASSWORD, newPassword: 'a new horse battery', ...wish };
      expect((await auth('/change-password', json, ada.here)).status).toBe(200);
      expect(await areSignedIn(ada.here, ada.there)).toEqual([false, false]);
    },
  );
});

describe('a response about accounts', () => {
  it('may be stored by the caller only, except for the keys', async () => {
    const ada = await signUpAs('ada');
    for (const path of ['/token', '/get-session', '/list-sessions']) {
      const { headers } = await auth(path, undefined, ada.here);
      expect([path, headers.get('cache-control')]).toEqual([path, 'private, no-store']);
    }
    const { headers } = await auth('/jwks');
    expect(headers.get('cache-control') ?? '').not.toContain('no-store');
  });
});
