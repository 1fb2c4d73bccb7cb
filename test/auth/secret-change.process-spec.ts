import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { symmetricDecrypt } from 'better-auth/crypto';
import { decodeProtectedHeader } from 'jose';
import { parseEnv } from '../../src/config/env.js';
import { KeyRotation, rotateKeys } from '../../src/identity/key-rotation.js';
import { startApp, type TestApp } from '../support/app.js';
import { send, signUp, type TestUser } from '../support/client.js';
import { asDatabaseOwner, createDatabase, identityUrlOf, withOwner } from '../support/database.js';
import { Program } from '../support/program.js';

const A = 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA';
const B = 'pR6yU1iO4aS9dF3gH8jK2lZ7xC5vB0nM';
const C = 'tE5wQ0rY7uI3oP8aS1dF6gH2jK9lZ4xC';
const PASSWORD = 'correct horse battery';
/** Seconds from a rotation until the new key signs. */
const LEAD = 15 * 60;

/** Several apps accept each other's tokens, whatever their ports. */
const AUTH_ISSUER = 'urn:taskward:test';

let folder: string;
let DATABASE_URL: string;
const running = new Set<TestApp>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-secrets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  DATABASE_URL = await createDatabase();
});
afterEach(async () => {
  await Program.killAll();
  await Promise.all([...running].map((app) => stop(app)));
});

async function start(secret: string, previous = '', more = {}): Promise<TestApp> {
  const app = await startApp({
    DATABASE_URL,
    BETTER_AUTH_SECRET: secret,
    BETTER_AUTH_SECRET_PREVIOUS: previous,
    AUTH_ISSUER,
    ...more,
  });
  running.add(app);
  return app;
}

/** In a process of its own: in one, Passport has the last of several apps verify for all. */
const startProcess = (BETTER_AUTH_SECRET: string, BETTER_AUTH_SECRET_PREVIOUS: string) =>
  new Program(
    {
      DATABASE_URL,
      BETTER_AUTH_SECRET,
      BETTER_AUTH_SECRET_PREVIOUS,
      AUTH_ISSUER,
      RATE_LIMIT: 'off',
    },
    folder,
  ).ready();

async function stop(app: TestApp): Promise<void> {
  running.delete(app);
  await app.close();
}

/** A user who signed up while `A` was the secret, with a token of then. */
async function signUpUnderA(more = {}): Promise<TestUser> {
  const app = await start(A, '', more);
  const user = await signUp(app.url);
  await stop(app);
  return user;
}

const token = (url: string, cookie: string) =>
  send<{ token: string }>(`${url}/api/auth/token`, { headers: { cookie } });

const codeOf = async (url: string, bearer: string) => {
  const headers = { authorization: `Bearer ${bearer}` };
  return (await send(`${url}/api/v1/tasks`, { headers })).status;
};

const cookieOf = (headers: Headers) =>
  headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');

const signIn = async (url: string, { email }: TestUser, rememberMe = true) => {
  const json = { email, password: PASSWORD, rememberMe };
  const options = { method: 'POST', headers: { origin: url }, json };
  return cookieOf((await send(`${url}/api/auth/sign-in/email`, options)).headers);
};

const sign = (value: string, secret: string) =>
  createHmac('sha256', secret).update(value).digest('base64');

/** The session's token, and with which secret its cookie was signed. */
function readCookie(cookie: string): { token: string; secret: string | undefined } {
  const value = decodeURIComponent(/session_token=([^;]+)/.exec(cookie)?.[1] ?? '');
  const dot = value.lastIndexOf('.');
  const [text, signature] = [value.slice(0, dot), value.slice(dot + 1)];
  return { token: text, secret: [A, B, C].find((secret) => sign(text, secret) === signature) };
}

const signed = (text: string, signature: string) =>
  `taskward.session_token=${encodeURIComponent(`${text}.${signature}`)}`;

/** With which secret each private key is encrypted, the oldest key first. */
async function keySecrets(): Promise<(string | undefined)[]> {
  const rows = await asDatabaseOwner(
    { databaseUrl: DATABASE_URL },
    'select "privateKey" from auth.jwks order by "createdAt"',
  );
  const opens = async (secret: string, data: string) =>
    symmetricDecrypt({ key: secret, data }).then(
      () => true,
      () => false,
    );
  return Promise.all(
    rows.map(async ({ privateKey }) => {
      const data = JSON.parse(privateKey as string) as string;
      for (const secret of [A, B, C]) if (await opens(secret, data)) return secret;
      return undefined;
    }),
  );
}

/** Lets time pass for the signing keys. */
const pass = (seconds: number) =>
  withOwner(DATABASE_URL, (client) =>
    client.query(
      `update auth.jwks set "createdAt" = "createdAt" - make_interval(secs => $1),
                            "expiresAt" = "expiresAt" - make_interval(secs => $1)`,
      [seconds],
    ),
  );

const sessionEnds = async () =>
  (
    await asDatabaseOwner({ databaseUrl: DATABASE_URL }, 'select "expiresAt" from auth.session')
  ).map(({ expiresAt }) => (expiresAt as Date).getTime());

describe('a new BETTER_AUTH_SECRET beside the previous one', () => {
  it('signs no user out: previous cookies and tokens stay valid', async () => {
    const ada = await signUpUnderA();
    const app = await start(B, A);
    expect(readCookie(ada.cookie).secret).toBe(A);
    expect(await codeOf(app.url, ada.token)).toBe(200);
    const { status, body } = await token(app.url, ada.cookie);
    expect(status).toBe(200);
    expect(await codeOf(app.url, body.token)).toBe(200);
    // Among others, as a browser sends them.
    const cookie = `theme=a%zz; ${ada.cookie}; taskward.other=1.2`;
    expect((await token(app.url, cookie)).status).toBe(200);
  });

  it('signs what is new', async () => {
    const ada = await signUpUnderA();
    const app = await start(B, A);
    const cookie = await signIn(app.url, ada);
    expect(readCookie(cookie).secret).toBe(B);
    expect((await token(app.url, cookie)).status).toBe(200);
  });

  it.each([{ path: 'get-session' }, { path: 'token' }])(
    'moves a session that lives on over, at $path',
    async ({ path }) => {
      const ada = await signUpUnderA();
      const app = await start(B, A);
      // A day later Better Auth renews the session.
      await withOwner(DATABASE_URL, (client) =>
        client.query(`update auth.session set "expiresAt" = "expiresAt" - interval '25 hours'`),
      );
      const headers = { cookie: ada.cookie };
      const { headers: renewed } = await send(`${app.url}/api/auth/${path}`, { headers });
      const cookie = cookieOf(renewed);
      expect(readCookie(cookie)).toEqual({ token: readCookie(ada.cookie).token, secret: B });
    },
  );

  it('leaves a session short that was to end with the browser', async () => {
    const first = await start(A);
    const ada = await signUp(first.url);
    await asDatabaseOwner({ databaseUrl: DATABASE_URL }, 'delete from auth.session');
    const cookie = await signIn(first.url, ada, false);
    await stop(first);
    const before = await sessionEnds();

    const app = await start(B, A);
    const options = { headers: { cookie } };
    const { status, headers } = await send(`${app.url}/api/auth/get-session`, options);
    expect([status, headers.getSetCookie()]).toEqual([200, []]);
    expect(await sessionEnds()).toEqual(before);
  });

  it('ends a session that is signed out, whichever secret signed its cookie', async () => {
    const ada = await signUpUnderA();
    const app = await start(B, A);
    const headers = { cookie: ada.cookie, origin: app.url };
    await send(`${app.url}/api/auth/sign-out`, { method: 'POST', headers });
    expect((await token(app.url, ada.cookie)).status).toBe(401);
    expect(await sessionEnds()).toEqual([]);
  });

  it.each([
    { name: 'another secret', forge: (text: string) => signed(text, sign(text, C)) },
    { name: 'no secret', forge: (text: string) => signed(text, sign(text, '')) },
    { name: 'nobody', forge: (text: string) => signed(text, '') },
    {
      name: 'less than the whole signature',
      forge: (text: string) => signed(text, sign(text, A).slice(0, 40)),
    },
    { name: 'the signature of another value', forge: (text: string) => signed(text, sign('x', A)) },
    {
      name: 'the previous secret, as another cookie',
      forge: (text: string) => signed(text, sign(text, A)).replace('session_token', 'session_data'),
    },
    { name: 'percent signs', forge: () => 'taskward.session_token=%zz.%' },
  ])('refuses a cookie signed by $name', async ({ forge }) => {
    const ada = await signUpUnderA();
    const app = await start(B, A);
    const { token: text } = readCookie(ada.cookie);
    expect((await token(app.url, forge(text))).status).toBe(401);
    // So that it is the signature that was refused.
    expect((await token(app.url, signed(text, sign(text, A)))).status).toBe(200);
  });

  it('works for a https origin, whose cookies have another name', async () => {
    const more = { PUBLIC_URL: 'https://tasks.example.org', AUTH_ISSUER: '' };
    const ada = await signUpUnderA(more);
    expect(ada.cookie).toContain('__Host-taskward.session_token=');
    const app = await start(B, A, more);
    expect((await token(app.url, ada.cookie)).status).toBe(200);
    expect(await codeOf(app.url, ada.token)).toBe(200);
  });
});

describe('the signing key, when the secret changes', () => {
  it('is followed by one under the new secret, and then the previous one can go', async () => {
    const ada = await signUpUnderA();
    const changed = await start(B, A);
    expect(await keySecrets()).toEqual([A, B]);
    // The old key signs until the new one has been published for long enough.
    const { body: early } = await token(changed.url, ada.cookie);
    expect(decodeProtectedHeader(early.token).kid).toBe(decodeProtectedHeader(ada.token).kid);
    const cookie = await signIn(changed.url, ada);
    await stop(changed);

    await pass(LEAD + 5);
    const done = await start(B);
    const { status, body } = await token(done.url, cookie);
    expect(status).toBe(200);
    expect(decodeProtectedHeader(body.token).kid).not.toBe(decodeProtectedHeader(ada.token).kid);
    // Tokens need no secret: those of the old key are good until they expire.
    for (const bearer of [body.token, early.token, ada.token]) {
      expect(await codeOf(done.url, bearer)).toBe(200);
    }
    // A session that nobody used while both secrets were accepted has to sign in again.
    expect((await token(done.url, ada.cookie)).status).toBe(401);
  });

  it('fails a start without the required secret, and names it', async () => {
    await signUpUnderA();
    await expect(start(B)).rejects.toThrow('BETTER_AUTH_SECRET_PREVIOUS');
    await expect(start(B, C)).rejects.toThrow('BETTER_AUTH_SECRET_PREVIOUS');
    expect(await keySecrets()).toEqual([A]);
  });

  it('stops a start that drops the previous secret too early', async () => {
    await signUpUnderA();
    await stop(await start(B, A));
    await expect(start(B)).rejects.toThrow('BETTER_AUTH_SECRET_PREVIOUS');
    await pass(LEAD + 5);
    await expect(start(B)).resolves.toBeDefined();
  });

  it('is not replaced twice by starts with the same secrets', async () => {
    await signUpUnderA();
    await Promise.all([start(B, A), start(B, A), start(B, A)]);
    await stop(await start(B, A));
    expect(await keySecrets()).toEqual([A, B]);
  });

  it('can be given up, where the old secret is lost or was stolen', async () => {
    const ada = await signUpUnderA();
    await rotateKeys(parseEnv({ BETTER_AUTH_SECRET: B }), identityUrlOf(DATABASE_URL), true);
    const app = await start(B);
    expect(await keySecrets()).toEqual([B]);
    expect(await codeOf(app.url, ada.token)).toBe(401);
    expect((await token(app.url, ada.cookie)).status).toBe(401);
    const { body } = await token(app.url, await signIn(app.url, ada));
    expect(await codeOf(app.url, body.token)).toBe(200);
  });
});

describe('instances that change one after the other', () => {
  it('serve the same sessions, and accept the tokens of each other', async () => {
    const ada = await signUpUnderA();
    const urls = [await startProcess(A, B), await startProcess(B, A)];
    const cookies = [ada.cookie, ...(await Promise.all(urls.map((url) => signIn(url, ada))))];
    expect(cookies.map((cookie) => readCookie(cookie).secret)).toEqual([A, A, B]);
    for (const passing of [0, LEAD + 5]) {
      await pass(passing);
      for (const cookie of cookies) {
        for (const url of urls) {
          const { status, body } = await token(url, cookie);
          expect(status).toBe(200);
          for (const other of urls) expect(await codeOf(other, body.token)).toBe(200);
        }
      }
    }
  }, 60_000);

  it('do not undo what the other did', async () => {
    await signUpUnderA();
    const [old, changed] = [await start(A, B), await start(B, A)];
    expect(await keySecrets()).toEqual([A, B]);
    for (const { nest } of [old, changed]) await nest.get(KeyRotation).run();
    expect(await keySecrets()).toEqual([A, B]);
    // One of the old kind starts again meanwhile; the last word has one that has changed.
    await stop(old);
    const again = await start(A, B);
    expect((await keySecrets()).at(-1)).toBe(A);
    await stop(again);
    await start(B, A);
    expect((await keySecrets()).at(-1)).toBe(B);
  });
});
