import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { addressKey } from '../../src/identity/address-key.js';
import { RateLimits } from '../../src/rate-limit/index.js';
import { startApp, type TestApp, useApp } from '../support/app.js';
import { cookieOf, newAddress, PASSWORD } from '../support/identity.js';
import { MailServer } from '../support/smtp.js';

/** Failures that are answered at once, and all that are tried in an hour. */
const AT_ONCE = 4;
const MAX_FAILURES = 50;
/** Milliseconds that a refusal takes at least; timers may be a little early. */
const REFUSAL_MS = 490;

const app = useApp({ RATE_LIMIT: 'on', TRUST_PROXY: 'loopback' });
let addresses = 0;

afterEach(() => {
  jest.restoreAllMocks();
});

/** Calls from a new network each time, as somebody does who has many. */
async function call(path: string, json: object, cookie = '', url = app.url) {
  addresses += 1;
  const response = await fetch(`${url}/api/auth${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': `2001:db8:${addresses.toString(16)}::1`,
      ...(cookie && { cookie }),
    },
    body: JSON.stringify(json),
  });
  const { status, headers } = response;
  return { status, headers, cookie: cookieOf({ headers }), body: await response.text() };
}

async function account(url = app.url): Promise<{ email: string; cookie: string }> {
  const email = newAddress();
  const { status, cookie } = await call(
    '/sign-up/email',
    { name: 'ada', email, password: PASSWORD },
    '',
    url,
  );
  expect(status).toBe(200);
  return { email, cookie };
}

const signIn = (email: string, password: string) => call('/sign-in/email', { email, password });

/** Makes the account fail `times` times, without the delays. */
async function fail(email: string, times: number, { nest } = app): Promise<void> {
  const rule = { max: MAX_FAILURES, window: 3_600 };
  for (let i = 0; i < times; i += 1)
    await nest.get(RateLimits).count(addressKey('guess', email), rule);
}

/** Sends wrong passwords at once; they wait side by side. */
const guess = (email: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => signIn(email, 'a wrong guess')));

async function lasting<T>(work: Promise<T>): Promise<[ms: number, result: T]> {
  const start = performance.now();
  const result = await work;
  return [performance.now() - start, result];
}

describe('wrong passwords of one account', () => {
  it('delay the next from the fifth on, whatever network they come from', async () => {
    const { email } = await account();
    await guess(email, AT_ONCE);
    const [fifth, { status }] = await lasting(signIn(email, 'a wrong guess'));
    expect(status).toBe(401);
    expect(fifth).toBeGreaterThanOrEqual(REFUSAL_MS + 500);
    const [sixth] = await lasting(signIn(email, 'a wrong guess'));
    expect(sixth).toBeGreaterThanOrEqual(REFUSAL_MS + 1_000);
  });

  it('are forgotten when the right one comes', async () => {
    const { email } = await account();
    await guess(email, AT_ONCE);
    const [right, { status }] = await lasting(signIn(email, PASSWORD));
    expect(status).toBe(200);
    expect(right).toBeGreaterThanOrEqual(490);
    // Four more would be delayed if the first four counted.
    const results = await guess(email, AT_ONCE);
    expect(results.map((result) => result.status)).toEqual(Array<number>(AT_ONCE).fill(401));
    expect((await signIn(email, PASSWORD)).status).toBe(200);
  });

  it.each(['known', 'unknown'])(
    'of an address that is %s are refused from fifty on',
    async (kind) => {
      const warn = jest.spyOn(Logger.prototype, 'warn');
      const email = kind === 'known' ? (await account()).email : newAddress();
      const spellings = [email, email.toUpperCase()];
      await fail(email, MAX_FAILURES - 5);
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          signIn(spellings[i % spellings.length] ?? email, 'a wrong guess'),
        ),
      );
      const refused = results.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(3);
      expect(results.filter(({ status }) => status === 401)).toHaveLength(5);
      for (const { headers, body } of refused) {
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(3_000);
        expect(JSON.parse(body)).toMatchObject({ code: 'rate_limited' });
      }
      // The right one is not tried either: it would tell.
      expect((await signIn(email, PASSWORD)).status).toBe(429);
      const line = { event: 'rate_limited', kind: 'account' };
      const logged = warn.mock.calls.filter(([found]) => (found as typeof line).kind === line.kind);
      expect(logged).toEqual([[expect.objectContaining(line)]]);
    },
    90_000,
  );

  it('count on every route that requires a password', async () => {
    const { email, cookie } = await account();
    const change = { currentPassword: 'a wrong guess', newPassword: 'another horse battery' };
    const results = [
      await call('/change-password', change, cookie),
      await call('/delete-user', { password: 'a wrong guess' }, cookie),
      await call('/change-password', change, cookie),
      await signIn(email, 'a wrong guess'),
    ];
    expect(results.map(({ status }) => status)).toEqual([400, 400, 400, 401]);
    const [ms] = await lasting(call('/delete-user', { password: 'a wrong guess' }, cookie));
    expect(ms).toBeGreaterThanOrEqual(490);
  });

  it('count for the signed-in user, whatever address the request contains', async () => {
    const [ada, eve] = [await account(), await account()];
    await fail(ada.email, MAX_FAILURES);
    const change = {
      email: ada.email,
      currentPassword: PASSWORD,
      newPassword: 'another horse battery',
    };
    const changed = await call('/change-password', change, eve.cookie);
    expect(changed.status).toBe(200);
    expect((await signIn(ada.email, PASSWORD)).status).toBe(429);
    await fail(eve.email, MAX_FAILURES);
    const stranger = { email: newAddress(), password: 'another horse battery' };
    expect((await call('/delete-user', stranger, changed.cookie)).status).toBe(429);
  });

  it('do not count against anybody else, nor does a request that was no guess', async () => {
    const [ada, eve] = [await account(), await account()];
    await guess(ada.email, AT_ONCE + 1);
    for (let i = 0; i < AT_ONCE + 2; i += 1) {
      expect((await call('/sign-in/email', { email: eve.email })).status).toBe(400);
    }
    const [one, other] = await Promise.all([
      lasting(signIn(eve.email, PASSWORD)),
      lasting(signIn(ada.email, PASSWORD)),
    ]);
    expect([one[1].status, other[1].status]).toEqual([200, 200]);
    expect(other[0]).toBeGreaterThan(one[0]);
  });
});

describe('where mail is sent', () => {
  let mail: MailServer;
  let other: TestApp;
  beforeAll(async () => {
    mail = await new MailServer().start();
    other = await startApp({ RATE_LIMIT: 'on', TRUST_PROXY: 'loopback', SMTP_URL: mail.url });
  });
  afterAll(async () => {
    await other.close();
    await mail.stop();
  });
  afterEach(() => {
    mail.mails.length = 0;
  });

  const send = (path: string, json: object) => call(path, json, '', other.url);

  it('a correct password of an unverified address counts as a failure: nothing reveals it', async () => {
    const { email } = await account(other.url);
    const attempts = Array.from({ length: AT_ONCE }, () =>
      send('/sign-in/email', { email, password: PASSWORD }),
    );
    expect((await Promise.all(attempts)).map(({ status }) => status)).toEqual(
      Array<number>(AT_ONCE).fill(401),
    );
    const [ms] = await lasting(send('/sign-in/email', { email, password: PASSWORD }));
    expect(ms).toBeGreaterThanOrEqual(REFUSAL_MS + 500);
  });

  it.each([
    { path: '/request-password-reset', subject: 'set a new password', before: 0 },
    { path: '/send-verification-email', subject: 'verify your address', before: 1 },
  ])(
    '$path sends five mails an hour to an address, without revealing the limit',
    async ({ path, subject, before }) => {
      const { email } = await account(other.url);
      for (let i = 0; i < 7; i += 1) expect((await send(path, { email })).status).toBe(200);
      // Another kind is not held up, and comes after all of these.
      await send('/sign-up/email', { name: 'eve', email, password: PASSWORD });
      await mail.mailTo(email, 5 - before + 2);
      const subjects = mail.mails.map(({ headers }) =>
        /^Subject: Taskward: (.+)$/m.exec(headers)?.[1]?.trim(),
      );
      expect(subjects.filter((found) => found === subject)).toHaveLength(5);
      expect(subjects.at(-1)).toBe('you already have an account');
    },
  );

  it('a reset of the password has fifty wrong ones forgotten', async () => {
    const { email } = await account(other.url);
    const wrong = { email, password: 'a wrong guess' };
    await fail(email, MAX_FAILURES, other);
    expect((await send('/sign-in/email', wrong)).status).toBe(429);
    await send('/request-password-reset', { email });
    const { text } = await mail.mailTo(email, 2);
    const token = /"token":"([^"]+)"/.exec(text)?.[1];
    const newPassword = 'another horse battery';
    expect((await send('/reset-password', { token, newPassword })).status).toBe(200);
    expect((await send('/sign-in/email', { email, password: newPassword })).status).toBe(200);
  }, 90_000);
});
