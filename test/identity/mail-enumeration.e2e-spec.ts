import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.js';
import { callAuth, newAddress, PASSWORD } from '../support/identity.js';
import { ALIKE_ROUTES, useMailAccounts } from '../support/mail-accounts.js';

const accounts = useMailAccounts();
const { app } = accounts;

describe('a response', () => {
  it.each(ALIKE_ROUTES)(
    'of $path is the same for a known and an unknown address',
    async ({ path, status }) => {
      const [unknown, ...known] = await Promise.all([
        accounts.observe(path, newAddress()),
        accounts.observe(path, accounts.verified),
        accounts.observe(path, accounts.unverified),
      ]);
      expect(unknown.seen.status).toBe(status);
      for (const { seen } of known) expect(seen).toEqual(unknown.seen);
      expect((await accounts.observe(path, accounts.verified.toUpperCase())).seen.status).toBe(
        status,
      );
    },
  );
});

describe('a sign-up with the address of another user', () => {
  it('does not reveal by a sign-in whether there was an account', async () => {
    const [unknown, password] = [newAddress(), 'the password of a stranger'];
    for (const email of [unknown, accounts.verified]) {
      expect((await accounts.signUp(email, password)).status).toBe(200);
    }
    const known = await accounts.observe('/sign-in/email', accounts.verified, password);
    expect((await accounts.observe('/sign-in/email', unknown, password)).seen).toEqual(known.seen);
    expect(known.seen.status).toBe(401);
  });

  it.each([
    '/sign-in/email',
    '/x/../sign-in/email',
    '/x/%2e%2e/sign-in/email',
    '/./sign-in/./email',
    '/sign-in/email/',
    '//sign-in/email',
    '/sign-in//email',
    '/sign-in/%65mail',
    '/SIGN-IN/EMAIL',
    '/sign-in/email?x=1',
    '/sign-in/email;x',
  ])('does not reveal it by another path to the sign-in: %s', async (path) => {
    const sent = request({
      port: new URL(app.url).port,
      method: 'POST',
      path: `/api/auth${path}`,
      headers: { origin: app.url, 'content-type': 'application/json' },
    }).end(JSON.stringify({ email: accounts.unverified, password: PASSWORD }));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    expect(path.includes('?') ? [400] : [401, 404]).toContain(response.statusCode);
  });

  it('does not reveal it by two simultaneous sign-ups', async () => {
    for (const email of [newAddress(), newAddress(), newAddress(), accounts.verified]) {
      const both = await Promise.all([
        accounts.observe('/sign-up/email', email),
        accounts.observe('/sign-up/email', email),
      ]);
      expect(both.map(({ seen }) => seen.status)).toEqual([200, 200]);
      expect(both[0].seen).toEqual(both[1].seen);
    }
  });
});

describe('without SMTP_URL, in development', () => {
  it('only a sign-up reveals that an address is taken, as it signs in at once', async () => {
    const other = await startApp();
    try {
      const json = { name: 'ada', email: newAddress(), password: PASSWORD };
      expect((await callAuth(other.url, '/sign-up/email', json)).status).toBe(200);
      expect((await callAuth(other.url, '/sign-up/email', json)).status).toBe(422);
      const twice = { ...json, email: `${randomUUID()}@example.com` };
      const both = [1, 2].map(() => callAuth(other.url, '/sign-up/email', twice));
      const responses = await Promise.all(both);
      expect(responses.map(({ status }) => status).sort()).toEqual([200, 422]);
      const codes = responses.map(({ body }) => body.code);
      expect(codes).toContain('USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL');
      for (const path of ['/request-password-reset', '/send-verification-email']) {
        for (const email of [json.email, newAddress()]) {
          expect((await callAuth(other.url, path, { email })).status).toBe(200);
        }
      }
    } finally {
      await other.close();
    }
  });
});
