import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashPassword } from 'better-auth/crypto';
import { startApp, useApp } from '../support/app.js';
import { withOwner } from '../support/database.js';
import { callAuth, newAddress, PASSWORD } from '../support/identity.js';
import { linkIn, MailServer } from '../support/smtp.js';

/** Number of timed rounds: responses take half a second by design. */
const PAIRS = 6;

let mail: MailServer;
// Before the app, which needs its address.
beforeAll(async () => {
  mail = await new MailServer().start();
});
const app = useApp(() => ({ SMTP_URL: mail.url }), { hasRealHashes: true });
let verified: string;
let unverified: string;

beforeAll(async () => {
  [verified, unverified] = [newAddress(), newAddress()];
  for (const email of [verified, unverified]) await signUp(email);
  const link = linkIn(await mail.mailTo(verified));
  await fetch(app.url + link.slice(new URL(link).origin.length), { redirect: 'manual' });
});
afterAll(() => mail.stop());

const signUp = (email: string, password = PASSWORD) =>
  callAuth(app.url, '/sign-up/email', { name: 'ada', email, password });

/** Replaces everything that differs between any two responses. */
const neutral = (text: string, email: string) =>
  text
    .replaceAll(email, '<email>')
    .replaceAll(/"id":"[A-Za-z0-9]{32}"/g, '"id":"<id>"')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');

/** An answer as an attacker sees it: everything, and the milliseconds it took. */
async function observe(path: string, email: string, password = 'a wrong guess') {
  const started = performance.now();
  const response = await fetch(`${app.url}/api/auth${path}`, {
    method: 'POST',
    headers: { origin: app.url, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'ada', email, password }),
  });
  const body = await response.text();
  const ms = performance.now() - started;
  const headers = [...response.headers].filter(
    ([name]) => name !== 'date' && name !== 'x-request-id',
  );
  return { ms, seen: { status: response.status, headers, body: neutral(body, email) } };
}

/** The lower quartile: what else the machine does only adds to a time. */
const usual = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 2] ?? 0;

const PATHS = [
  { path: '/sign-in/email', status: 401, hashes: true },
  { path: '/sign-up/email', status: 200, hashes: true },
  { path: '/request-password-reset', status: 200, hashes: false },
  { path: '/send-verification-email', status: 200, hashes: false },
];

describe('a response', () => {
  it.each(PATHS)(
    'of $path is the same for a known and an unknown address',
    async ({ path, status }) => {
      const [unknown, ...known] = await Promise.all([
        observe(path, newAddress()),
        observe(path, verified),
        observe(path, unverified),
      ]);
      expect(unknown.seen.status).toBe(status);
      for (const { seen } of known) expect(seen).toEqual(unknown.seen);
      expect((await observe(path, verified.toUpperCase())).seen.status).toBe(status);
    },
  );

  it.each(PATHS)(
    'of $path takes as long for a known as for an unknown address',
    async ({ path, hashes }) => {
      const times: Record<'verified' | 'unverified' | 'unknown', number[]> = {
        verified: [],
        unverified: [],
        unknown: [],
      };
      for (let i = 0; i < PAIRS; i += 1) {
        // Hashes would wait for each other; everything else mostly waits for time to pass.
        const first = observe(path, newAddress());
        if (hashes) await first;
        const second = observe(path, verified);
        if (hashes) await second;
        const third = observe(path, unverified);
        times.unknown.push((await first).ms);
        times.verified.push((await second).ms);
        times.unverified.push((await third).ms);
      }
      const unknown = usual(times.unknown);
      for (const known of [usual(times.verified), usual(times.unverified)]) {
        expect(known / unknown).toBeGreaterThan(0.6);
        expect(known / unknown).toBeLessThan(1.6);
      }
    },
    60_000,
  );

  it('of /sign-in/email takes as long where the hash is an older one, of less work', async () => {
    const email = newAddress();
    await signUp(email);
    const old = await hashPassword(PASSWORD);
    await withOwner(app.databaseUrl, (client) =>
      client.query(
        `update auth.account set password = $1
          where "userId" = (select id from auth."user" where email = $2)`,
        [old, email],
      ),
    );
    for (const address of [email, newAddress()]) {
      expect((await observe('/sign-in/email', address)).ms).toBeGreaterThan(490);
    }
  });

  it.each(['/sign-up/email', '/request-password-reset'])(
    'of %s waits for the slower of the two, which writes',
    async (path) => {
      const both = [newAddress(), verified].map((email) => observe(path, email));
      for (const { ms } of await Promise.all(both)) expect(ms).toBeGreaterThan(490);
    },
  );
});

describe('a sign-up with the address of another user', () => {
  it('does not reveal by a sign-in whether there was an account', async () => {
    const [unknown, password] = [newAddress(), 'the password of a stranger'];
    for (const email of [unknown, verified]) {
      expect((await signUp(email, password)).status).toBe(200);
    }
    const known = await observe('/sign-in/email', verified, password);
    expect((await observe('/sign-in/email', unknown, password)).seen).toEqual(known.seen);
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
    }).end(JSON.stringify({ email: unverified, password: PASSWORD }));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    expect(path.includes('?') ? [400] : [401, 404]).toContain(response.statusCode);
  });

  it('does not reveal it by two simultaneous sign-ups', async () => {
    for (const email of [newAddress(), newAddress(), newAddress(), verified]) {
      const both = await Promise.all([
        observe('/sign-up/email', email),
        observe('/sign-up/email', email),
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
