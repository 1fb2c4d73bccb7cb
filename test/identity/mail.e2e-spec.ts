import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { startApp, useApp } from '../support/app.js';
import { send } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import {
  BETTER_AUTH_SECRET,
  callAuth,
  cookieOf,
  isSignedIn,
  newAddress,
  PASSWORD,
  signIn,
} from '../support/identity.js';
import { deadMailServer, linkIn, MailServer } from '../support/smtp.js';
import { now, sign } from '../support/tokens.js';

const NEW_PASSWORD = 'a new horse battery';

let mail: MailServer;
// Before the app, which needs its address.
beforeAll(async () => {
  mail = await new MailServer().start();
});
const app = useApp(() => ({ SMTP_URL: mail.url, MAIL_FROM: 'Tasks <tasks@example.org>' }));

afterAll(() => mail.stop());

const auth = <T>(path: string, json?: unknown, cookie?: string) =>
  callAuth<T>(app.url, path, json, cookie);
const signUp = (email: string, fields = {}) =>
  auth<{ token: null; user: { id: string } }>('/sign-up/email', {
    name: 'ada',
    email,
    password: PASSWORD,
    ...fields,
  });
const trySignIn = (email: string, password = PASSWORD) =>
  callAuth(app.url, '/sign-in/email', { email, password });
/** A link of a mail, which names the host as users know it. */
const open = (link: string) =>
  send<unknown>(app.url + link.slice(new URL(link).origin.length), { method: 'GET' });
const tokenOf = (link: string) => new URL(link).searchParams.get('token') ?? '';

/** Somebody who has opened the link in the mail. */
async function signUpVerified(): Promise<string> {
  const email = newAddress();
  await signUp(email);
  await open(linkIn(await mail.mailTo(email)));
  return email;
}

/** Requests a new password; returns the token in the `count`th mail to the address. */
async function requestReset(email: string, count: number): Promise<string> {
  await auth('/request-password-reset', { email });
  const { text } = await mail.mailTo(email, count);
  return /"token":"([^"]+)"/.exec(text)?.[1] ?? '';
}
const reset = (token: string, newPassword = NEW_PASSWORD) =>
  callAuth(app.url, '/reset-password', { token, newPassword });

describe('the address of a new account', () => {
  it('is verified by a link in a mail, and cannot sign in before', async () => {
    const email = newAddress();
    const { status, headers, body } = await signUp(email);
    expect([status, body.token, headers.getSetCookie()]).toEqual([200, null, []]);
    const { headers: top, text } = await mail.mailTo(email);
    expect(top).toMatch(/^From: Tasks <tasks@example.org>$/m);
    expect(top).toMatch(new RegExp(`^To: ${email}$`, 'm'));
    expect(top).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(text).toContain('verify the address');

    expect((await trySignIn(email)).status).toBe(401);
    const opened = await open(linkIn(await mail.mailTo(email, 2)));
    expect([opened.status, opened.headers.get('location')]).toEqual([302, '/']);
    expect(opened.headers.getSetCookie()).toEqual([]);
    expect((await trySignIn(email)).status).toBe(200);
  });

  it('is verified again by the same link without any effect', async () => {
    const email = await signUpVerified();
    const link = linkIn(await mail.mailTo(email));
    const { status, headers } = await open(link);
    expect([status, headers.get('location'), headers.getSetCookie()]).toEqual([302, '/', []]);
  });

  it('gets another link on request, which leads to a page of ours', async () => {
    const email = newAddress();
    await signUp(email);
    await auth('/send-verification-email', { email, callbackURL: '/welcome' });
    const { headers } = await open(linkIn(await mail.mailTo(email, 2)));
    expect(headers.get('location')).toBe('/welcome');
    expect((await trySignIn(email)).status).toBe(200);
  });

  it.each<{
    name: string;
    code: string;
    alter: (token: string, email: string) => string | Promise<string>;
  }>([
    {
      name: 'expired',
      code: 'TOKEN_EXPIRED',
      alter: (_, email) => forge({ email, exp: now() - 1 }),
    },
    { name: 'altered', code: 'INVALID_TOKEN', alter: (token) => token.slice(0, -8) + 'AAAAAAAA' },
    {
      name: 'signed with another secret',
      code: 'INVALID_TOKEN',
      alter: (_, email) => forge({ email }, `${BETTER_AUTH_SECRET}~`),
    },
  ])('is not verified by a link that is $name', async ({ code, alter }) => {
    const email = newAddress();
    await signUp(email);
    const link = linkIn(await mail.mailTo(email));
    const token = await alter(tokenOf(link), email);
    const { status, headers } = await open(link.replace(tokenOf(link), token));
    expect([status, headers.get('location')]).toEqual([302, `/?error=${code}`]);
    expect((await trySignIn(email)).status).toBe(401);
  });

  it('gets another link whatever the cookie, which stays', async () => {
    const email = await signUpVerified();
    const cookie = await signIn(app.url, email);
    await auth('/sign-out', {}, cookie);
    const { status, headers } = await auth('/send-verification-email', { email }, cookie);
    expect([status, headers.getSetCookie()]).toEqual([200, []]);
  });

  it('is verified by a token that is no bearer token', async () => {
    const email = newAddress();
    await signUp(email);
    const token = tokenOf(linkIn(await mail.mailTo(email)));
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await send(`${app.url}/api/v1/tasks`, { headers });
    expect([status, body.code]).toEqual([401, 'invalid_token']);
    expect(decodeJwt(token)['email']).toBe(email);
  });

  it.each(['https://evil.example/', '//evil.example', 'javascript:alert(1)'])(
    'is not verified by way of %s',
    async (callbackURL) => {
      const email = newAddress();
      const { status } = await signUp(email, { callbackURL });
      expect(status).toBe(422);
    },
  );
});

function forge(claims: Record<string, unknown>, secret = BETTER_AUTH_SECRET) {
  const key = new TextEncoder().encode(secret);
  return sign(key, { alg: 'HS256' }, { iat: now() - 60, exp: now() + 60, ...claims });
}

describe('a forgotten password', () => {
  it('is replaced by what a mail allows, and every session ends', async () => {
    const email = await signUpVerified();
    const cookies = [await signIn(app.url, email), await signIn(app.url, email)];
    const token = await requestReset(email, 2);
    const { text } = await mail.mailTo(email, 2);
    expect(text).toMatch(/^POST http:\/\/localhost:\d+\/api\/auth\/reset-password$/m);

    expect((await reset(token)).status).toBe(200);
    for (const cookie of cookies) expect(await isSignedIn(app.url, cookie)).toBe(false);
    expect((await trySignIn(email)).status).toBe(401);
    expect((await trySignIn(email, NEW_PASSWORD)).status).toBe(200);
    expect((await mail.mailTo(email, 3)).text).toContain('was changed');
  });

  it('leads to the page that the caller names', async () => {
    const email = await signUpVerified();
    await auth('/request-password-reset', { email, redirectTo: '/new-password' });
    const { headers } = await open(linkIn(await mail.mailTo(email, 2)));
    const page = new URL(headers.get('location') ?? '');
    expect(page.pathname).toBe('/new-password');
    expect((await reset(tokenOf(page.href))).status).toBe(200);
    expect((await trySignIn(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('does not lead to a page of another origin', async () => {
    const email = await signUpVerified();
    const redirectTo = 'https://evil.example/new-password';
    expect((await auth('/request-password-reset', { email, redirectTo })).status).toBe(422);
  });

  it('is replaced once by a mail, and by none of the older ones after that', async () => {
    const email = await signUpVerified();
    const older = await requestReset(email, 2);
    const token = await requestReset(email, 3);
    expect((await reset(token)).status).toBe(200);
    for (const used of [token, older]) {
      expect((await reset(used, 'yet another horse')).body.code).toBe('INVALID_TOKEN');
    }
    expect((await trySignIn(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('is not replaced by older mails after it was changed', async () => {
    const email = await signUpVerified();
    const token = await requestReset(email, 2);
    const cookie = await signIn(app.url, email);
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await auth('/change-password', change, cookie)).status).toBe(200);
    expect((await reset(token, 'yet another horse')).status).toBe(400);
  });

  it('is not replaced after an hour, with an altered token, or with a poor password', async () => {
    const email = await signUpVerified();
    const token = await requestReset(email, 2);
    expect((await reset(token.slice(0, -1))).body.code).toBe('INVALID_TOKEN');
    expect((await reset(token, 'short')).body.code).toBe('PASSWORD_TOO_SHORT');
    const aged = await asDatabaseOwner(
      app,
      `update auth.verification set "expiresAt" = "expiresAt" - interval '1 hour'
        where value = (select id from auth."user" where email = '${email}') returning id`,
    );
    expect(aged).toHaveLength(1);
    expect((await reset(token)).body.code).toBe('INVALID_TOKEN');
    expect((await trySignIn(email)).status).toBe(200);
  });

  it('is replaced by a token that lives for an hour and lies in no table', async () => {
    const email = await signUpVerified();
    const token = await requestReset(email, 2);
    const rows = await asDatabaseOwner(
      app,
      `select v.*, extract(epoch from "expiresAt" - now()) as seconds from auth.verification v
        where value = (select id from auth."user" where email = '${email}')`,
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(Number(rows[0]?.['seconds'])).toBeGreaterThan(3500);
    expect(Number(rows[0]?.['seconds'])).toBeLessThanOrEqual(3600);
  });

  it('shows the address to be verified, once it was replaced', async () => {
    const email = newAddress();
    await signUp(email);
    expect((await reset(await requestReset(email, 2))).status).toBe(200);
    expect((await trySignIn(email, NEW_PASSWORD)).status).toBe(200);
  });
});

describe('a changed password', () => {
  it('ends every other session, whatever the caller requests, and notifies its owner', async () => {
    const email = await signUpVerified();
    const [mine, other] = [await signIn(app.url, email), await signIn(app.url, email)];
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const json = { ...change, revokeOtherSessions: false };
    const changed = await auth('/change-password', json, mine);
    expect(changed.status).toBe(200);
    for (const cookie of [mine, other]) expect(await isSignedIn(app.url, cookie)).toBe(false);
    expect(await isSignedIn(app.url, cookieOf(changed))).toBe(true);
    expect((await mail.mailTo(email, 2)).text).toContain('was changed');
  });

  it('requires the current one', async () => {
    const email = await signUpVerified();
    const [mine, other] = [await signIn(app.url, email), await signIn(app.url, email)];
    const change = { currentPassword: 'a wrong guess', newPassword: NEW_PASSWORD };
    expect((await auth('/change-password', change, mine)).status).toBe(400);
    for (const cookie of [mine, other]) expect(await isSignedIn(app.url, cookie)).toBe(true);
    expect((await trySignIn(email)).status).toBe(200);
  });
});

describe('a sign-up with an address that has an account', () => {
  it('changes nothing, and notifies only the owner', async () => {
    const email = await signUpVerified();
    expect((await signUp(email.toUpperCase(), { password: NEW_PASSWORD })).status).toBe(200);
    expect((await mail.mailTo(email, 2)).text).toContain('already has an account');
    expect((await trySignIn(email, NEW_PASSWORD)).status).toBe(401);
    expect((await trySignIn(email)).status).toBe(200);
  });
});

describe('a mail', () => {
  it('holds nothing that a stranger could write', async () => {
    const email = newAddress();
    const name = 'ada\r\nBcc: eve@example.com\r\n\r\nBuy at https://evil.example';
    await signUp(email, { name });
    const { headers, text } = await mail.mailTo(email);
    expect(headers + text).not.toMatch(/evil|Bcc|eve@/);
  });

  it.each([
    'ada@example.com\r\nBcc: eve@example.com',
    'ada@example.com\nRCPT TO:<eve@example.com>',
    'ada@example.com, eve@example.com',
    'ada@example.com;eve@example.com',
    'Ada <ada@example.com>',
    '"ada\r\n"@example.com',
  ])('goes to no address that is none: %j', async (email) => {
    const before = mail.attempts;
    const calls = ['/request-password-reset', '/send-verification-email'].map((path) =>
      auth(path, { email }),
    );
    for (const { status } of await Promise.all([signUp(email), ...calls])) expect(status).toBe(400);
    expect(mail.attempts).toBe(before);
  });
});

describe('a mail server', () => {
  it('that says "later" is asked again', async () => {
    const email = newAddress();
    mail.refusals = [451];
    await signUp(email);
    await mail.mailTo(email);
    expect(mail.refusals).toEqual([]);
  });

  it('that says "never" is not asked again, not even when the program ends', async () => {
    const other = await startApp({ SMTP_URL: mail.url });
    const email = newAddress();
    mail.refusals = [550];
    const before = mail.attempts;
    await callAuth(other.url, '/sign-up/email', { email, name: 'ada', password: PASSWORD });
    while (mail.attempts === before) await new Promise((resolve) => setTimeout(resolve, 10));
    await other.close();
    expect(mail.attempts).toBe(before + 1);
  });

  it.each<{ name: string; address: () => Promise<string> }>([
    { name: 'that is down', address: deadMailServer },
    { name: 'that says nothing', address: () => silentServer() },
  ])('$name neither delays nor changes a response', async ({ address }) => {
    const other = await startApp({ SMTP_URL: await address() });
    try {
      const started = performance.now();
      const calls = ['/sign-up/email', '/request-password-reset', '/send-verification-email'];
      for (const path of calls) {
        const json = { email: 'ada@example.com', name: 'ada', password: PASSWORD };
        const { status } = await callAuth(other.url, path, json);
        expect([path, status]).toEqual([path, 200]);
      }
      expect(performance.now() - started).toBeLessThan(4_000);
    } finally {
      const stopping = performance.now();
      await other.close();
      expect(performance.now() - stopping).toBeLessThan(6_000);
    }
  });

  it('gets what is under way before the program ends', async () => {
    const other = await startApp({ SMTP_URL: mail.url });
    const email = newAddress();
    let release = (): void => undefined;
    mail.hold = new Promise((resolve) => (release = resolve));
    await callAuth(other.url, '/sign-up/email', { email, name: 'ada', password: PASSWORD });
    const closed = other.close();
    setTimeout(release, 300);
    await closed;
    expect(mail.mails.filter(({ to }) => to.includes(email))).toHaveLength(1);
  });
});

/** Accepts connections and sends nothing. */
async function silentServer(): Promise<string> {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const address = server.address();
  return `smtp://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`;
}

describe('without a mail server', () => {
  it('in production, passwords cannot be reset and addresses cannot be verified', async () => {
    const other = await startApp({ NODE_ENV: 'production' });
    try {
      const email = newAddress();
      const url = other.url.replace('127.0.0.1', 'localhost');
      const json = { email, name: 'ada', password: PASSWORD };
      const signedUp = await callAuth<{ token: string }>(url, '/sign-up/email', json);
      expect([signedUp.status, signedUp.body.token]).toEqual([200, expect.any(String)]);
      expect(signedUp.headers.getSetCookie()).toHaveLength(1);
      for (const [path, code] of [
        ['/request-password-reset', 'RESET_PASSWORD_DISABLED'],
        ['/send-verification-email', 'VERIFICATION_EMAIL_NOT_ENABLED'],
      ] as const) {
        for (const address of [email, newAddress()]) {
          const { status, body } = await callAuth(url, path, { email: address });
          expect([status, body.code]).toEqual([400, code]);
        }
      }
    } finally {
      await other.close();
    }
  });
});
