import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { hashPassword } from 'better-auth/crypto';
import { startApp, useApp } from '../support/app.js';
import { send } from '../support/client.js';
import { withOwner } from '../support/database.js';
import {
  callAuth,
  cookieOf,
  isSignedIn,
  newAddress,
  PASSWORD,
  signIn,
} from '../support/identity.js';
import { MailServer } from '../support/smtp.js';

const app = useApp({}, { hasRealHashes: true });

const NAME = 'Grace Hopper';

async function account(name = NAME): Promise<{ email: string; cookie: string; id: string }> {
  const email = newAddress('hopper');
  const response = await callAuth<{ user: { id: string } }>(app.url, '/sign-up/email', {
    name,
    email,
    password: PASSWORD,
  });
  expect(response.status).toBe(200);
  return { email, cookie: cookieOf(response), id: response.body.user.id };
}

const COMMON = [
  'password',
  'password1',
  '12345678',
  'QWERTYUIOP',
  'iloveyou',
  'ｐａｓｓｗｏｒｄ',
  // The same to a program that guesses.
  'password ',
  ' password1',
  '        x',
  'aaaaaaaa',
  'xyxyxyxy',
  'abcabcab',
  'abcdefgh',
  '98765432',
];
/** Passwords of Grace Hopper at this address. */
const personal = (email: string) => [
  `x ${email} x`,
  `my ${email.split('@', 1)[0] ?? ''}`.toUpperCase(),
  'graceful days',
  'HOPPERS bunny',
  'i use Taskward daily',
];

describe('a password that is guessed first', () => {
  it('is refused at a sign-up', async () => {
    const email = newAddress('hopper');
    const choose = (password: string) =>
      callAuth(app.url, '/sign-up/email', { name: NAME, email, password });
    for (const password of COMMON) {
      const { status, body } = await choose(password);
      expect([password, status, body.code]).toEqual([password, 400, 'PASSWORD_TOO_COMMON']);
    }
    for (const password of personal(email)) {
      const { status, body } = await choose(password);
      expect([password, status, body.code]).toEqual([password, 400, 'PASSWORD_TOO_PERSONAL']);
    }
    expect((await choose(PASSWORD)).status).toBe(200);
  });

  it('is refused whatever other member the sign-up has', async () => {
    const { status, body } = await callAuth(app.url, '/sign-up/email', {
      name: NAME,
      email: newAddress('hopper'),
      password: 'password1',
      newPassword: PASSWORD,
    });
    expect([status, body.code]).toEqual([400, 'PASSWORD_TOO_COMMON']);
  });

  it('is refused at a change', async () => {
    const { email, cookie } = await account();
    const choose = (newPassword: string) =>
      callAuth(app.url, '/change-password', { currentPassword: PASSWORD, newPassword }, cookie);
    expect((await choose('password1')).body.code).toBe('PASSWORD_TOO_COMMON');
    for (const password of personal(email)) {
      expect((await choose(password)).body.code).toBe('PASSWORD_TOO_PERSONAL');
    }
    expect(await isSignedIn(app.url, cookie)).toBe(true);
    expect((await choose('another horse battery')).status).toBe(200);
  });

  it.each([
    { name: 'Al', password: 'all the horses' },
    { name: 'Ann Lee', password: 'anneal leeward' },
  ])('is not one that holds a short name, such as $name', async ({ name, password }) => {
    const { status } = await callAuth(app.url, '/sign-up/email', {
      name,
      email: newAddress(),
      password,
    });
    expect(status).toBe(200);
  });
});

describe('the hash of a password', () => {
  const stored = async (id: string) =>
    withOwner(app.databaseUrl, async (client) => {
      const { rows } = await client.query<{ password: string }>(
        'select password from auth.account where "userId" = $1',
        [id],
      );
      return rows[0]?.password ?? '';
    });

  it('that an earlier version made is renewed at the next sign-in, and at no wrong guess', async () => {
    const { email, id } = await account();
    const old = await hashPassword(PASSWORD);
    await withOwner(app.databaseUrl, (client) =>
      client.query('update auth.account set password = $1 where "userId" = $2', [old, id]),
    );
    await callAuth(app.url, '/sign-in/email', { email, password: 'a wrong guess' });
    expect(await stored(id)).toBe(old);
    await signIn(app.url, email);
    const renewed = await stored(id);
    expect(renewed).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/);
    await signIn(app.url, email);
    expect(await stored(id)).toBe(renewed);
  });
});

describe('the sessions of an account', () => {
  it('are a hundred: at one more the oldest ends, and its tokens with it', async () => {
    const { email, cookie, id } = await account();
    const { body } = await callAuth<{ token: string }>(app.url, '/token', undefined, cookie);
    const me = async () =>
      (await send(`${app.url}/api/v1/me`, { headers: { authorization: `Bearer ${body.token}` } }))
        .status;
    // Ninety-nine more, each a little younger.
    await withOwner(app.databaseUrl, (client) =>
      client.query(
        `insert into auth.session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
         select 'planted-' || $1 || n, 'planted-' || $1 || n, $1, now() + interval '1 day',
                now() + n * interval '1 ms', now()
           from generate_series(1, 99) n`,
        [id],
      ),
    );
    expect(await me()).toBe(200);
    expect(await isSignedIn(app.url, cookie)).toBe(true);
    const log = jest.spyOn(Logger.prototype, 'log');
    const newest = await signIn(app.url, email);
    expect(log.mock.calls.map(([line]) => line as unknown)).toContainEqual(
      expect.objectContaining({ event: 'session_ended', userId: id, by: 'session limit' }),
    );
    log.mockRestore();
    expect(await isSignedIn(app.url, newest)).toBe(true);
    expect(await isSignedIn(app.url, cookie)).toBe(false);
    const deadline = Date.now() + 10_000;
    while ((await me()) !== 401) expect(Date.now()).toBeLessThan(deadline);
    const { rowCount } = await withOwner(app.databaseUrl, (client) =>
      client.query('select from auth.session where "userId" = $1', [id]),
    );
    expect(rowCount).toBe(100);
  });
});

// Last: of several applications in a process, the one that started last verifies all tokens.
describe('a password that is guessed first, where mail is sent', () => {
  it('is refused at a reset, whose link is still good', async () => {
    const mail = await new MailServer().start();
    const other = await startApp({ SMTP_URL: mail.url }, { hasRealHashes: true });
    try {
      const email = newAddress('hopper');
      await callAuth(other.url, '/sign-up/email', { name: NAME, email, password: PASSWORD });
      await callAuth(other.url, '/request-password-reset', { email });
      const token = /"token":"([^"]+)"/.exec((await mail.mailTo(email, 2)).text)?.[1];
      const choose = (newPassword: string) =>
        callAuth(other.url, '/reset-password', { token, newPassword });
      expect((await choose('12345678')).body.code).toBe('PASSWORD_TOO_COMMON');
      expect((await choose('graceful days')).body.code).toBe('PASSWORD_TOO_PERSONAL');
      // Better Auth reads the token there too; our rules would not know whose password it is.
      const path = `/reset-password?token=${token ?? ''}`;
      const { status, body } = await callAuth(other.url, path, { newPassword: 'graceful days' });
      expect([status, body.code]).toEqual([400, 'invalid_parameter']);
      expect((await choose('another horse battery')).status).toBe(200);
    } finally {
      await other.close();
      await mail.stop();
    }
  });
});
