import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { KeySource } from '../../src/issuer/key-source.js';
import { startApp, type TestApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';
import { asDatabaseOwner, createDatabase } from '../support/database.js';
import { until as untilSo } from '../support/until.js';
import {
  ENDED,
  GOOD,
  newSession,
  newToken,
  probe,
  signOut,
  type TestSession,
  until,
} from '../support/ended-sessions.js';
import { BETTER_AUTH_SECRET, callAuth, cookieOf, PASSWORD } from '../support/identity.js';
import { Program } from '../support/program.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';

const SECOND = 1_000;
const AUTH_ISSUER = 'urn:taskward:under-test';

let folder: string;
/** Two instances on one database, the second of which is a process of its own. */
let here: TestApp;
let there: string;
let other: Program;
let proxy: DatabaseProxy;
let ada: TestUser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-revocation-'));
  const databaseUrl = await createDatabase();
  here = await startApp({ DATABASE_URL: databaseUrl, AUTH_ISSUER });
  proxy = new DatabaseProxy(databaseUrl);
  other = startProgram(await proxy.start());
  there = await other.ready();
  ada = await signUp(here.url);
});
afterAll(async () => {
  await Program.killAll();
  await proxy.stop();
  await here.close();
  await rm(folder, { recursive: true, force: true });
});

const startProgram = (DATABASE_URL: string) =>
  new Program({ DATABASE_URL, BETTER_AUTH_SECRET, AUTH_ISSUER, RATE_LIMIT: 'off' }, folder);
const sql = (text: string) => asDatabaseOwner(here, text);
const sidOf = ({ token }: TestSession) => String(decodeJwt(token)['sid']);

/** A session whose token both instances know already. */
async function knownSession(email = ada.email): Promise<TestSession> {
  const session = await newSession(here.url, email);
  for (const url of [here.url, there]) expect(await probe(url, session.token)).toBe(GOOD);
  return session;
}

describe('a sign-out', () => {
  it('is known at the other instance within a second', async () => {
    const times: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const session = await knownSession();
      await signOut(here.url, session);
      times.push((await until(ENDED, there, session.token, SECOND)).ms);
    }
    times.sort((a, b) => a - b);
    const [median = 0, worst = 0] = [times[5], times[9]];
    process.stdout.write(
      `refused at the other instance after ${median.toFixed(1)} ms (median), ${worst.toFixed(1)} ms (maximum)\n`,
    );
    expect(worst).toBeLessThan(SECOND);
  });

  it('is known at this instance when it happened at the other', async () => {
    const session = await knownSession();
    await signOut(there, session);
    expect((await until(ENDED, here.url, session.token)).ms).toBeLessThan(SECOND);
  });

  it('ends tokens that were never used', async () => {
    const session = await newSession(here.url, ada.email);
    const second = await newToken(here.url, session.cookie);
    await signOut(here.url, session);
    for (const token of [session.token, second]) {
      expect((await until(ENDED, there, token)).ms).toBeLessThan(SECOND);
    }
  });

  it('ends no other session, of the same user or of another', async () => {
    const [ended, kept] = [await knownSession(), await knownSession()];
    const eve = await signUp(here.url, 'eve');
    await signOut(here.url, ended);
    await until(ENDED, there, ended.token, SECOND);
    for (const url of [here.url, there]) {
      for (const { token } of [kept, ada, eve]) expect(await probe(url, token)).toBe(GOOD);
    }
  });

  it('is known to an instance that starts afterwards', async () => {
    const session = await newSession(here.url, ada.email);
    await signOut(here.url, session);
    const late = startProgram(here.databaseUrl);
    const url = await late.ready();
    expect(await probe(url, session.token)).toBe(ENDED);
    expect(await probe(url, ada.token)).toBe(GOOD);
    expect((await late.kill('SIGTERM')).code).toBe(0);
  });

  it('would not be known without the trigger', async () => {
    const session = await knownSession();
    await sql('alter table auth.session disable trigger session_deleted');
    await signOut(here.url, session);
    await expect(until(ENDED, there, session.token, SECOND)).rejects.toThrow(GOOD);
    await sql('alter table auth.session enable trigger session_deleted');
  });
});

describe('tokens end at every instance with', () => {
  /** Each ends the session of `victim`, asked by somebody who is signed in to the same account. */
  const ways: [string, (victim: TestSession, caller: TestSession) => Promise<unknown>][] = [
    [
      'a session that is revoked',
      async (victim, { cookie }) => {
        const [row] = await sql(`select token from auth.session where id = '${sidOf(victim)}'`);
        await callAuth(here.url, '/revoke-session', row, cookie);
      },
    ],
    [
      'the other sessions',
      (_, { cookie }) => callAuth(here.url, '/revoke-other-sessions', {}, cookie),
    ],
    ['all sessions', (_, { cookie }) => callAuth(here.url, '/revoke-sessions', {}, cookie)],
    [
      'a changed password',
      (_, { cookie }) => {
        const json = { currentPassword: PASSWORD, newPassword: 'another battery' };
        return callAuth(here.url, '/change-password', json, cookie);
      },
    ],
    [
      'the account',
      (_, { cookie }) => callAuth(here.url, '/delete-user', { password: PASSWORD }, cookie),
    ],
    [
      'a session deleted by hand',
      (victim) => sql(`delete from auth.session where id = '${sidOf(victim)}'`),
    ],
    [
      'a session made to expire by hand',
      (victim) =>
        sql(`
          update auth.session set "expiresAt" = now() - interval '1 s' where id = '${sidOf(victim)}'`),
    ],
    [
      'a user deleted by hand',
      (victim) =>
        sql(`delete from auth."user" where id = '${String(decodeJwt(victim.token).sub)}'`),
    ],
  ];

  it.each(ways)('%s', async (_, end) => {
    const { email } = await signUp(here.url, 'grace');
    const [victim, caller] = [await knownSession(email), await knownSession(email)];
    await end(victim, caller);
    for (const url of [there, here.url]) {
      expect((await until(ENDED, url, victim.token)).ms).toBeLessThan(SECOND);
    }
  });

  it('not with one that has expired, whose tokens have too', async () => {
    const { id, email } = await signUp(here.url, 'grace');
    // Any other session is prolonged when it is used.
    const json = { email, password: PASSWORD, rememberMe: false };
    const cookie = cookieOf(await callAuth(here.url, '/sign-in/email', json));
    await sql(
      `update auth.session set "expiresAt" = now() + interval '20 s' where "userId" = '${id}'`,
    );
    const { iat = 0, exp = 0 } = decodeJwt(await newToken(here.url, cookie));
    expect(exp - iat).toBeGreaterThan(0);
    expect(exp - iat).toBeLessThanOrEqual(20);
    const revoked = async () => (await sql('select from auth.revoked_session')).length;
    const before = await revoked();
    await sql(`
      alter table auth.session disable trigger session_cut_short;
      update auth.session set "expiresAt" = now() - interval '2 min' where "userId" = '${id}';
      alter table auth.session enable trigger session_cut_short;
      delete from auth.session where "userId" = '${id}'`);
    expect(await revoked()).toBe(before);
  });
});

describe('a session that was revoked before the clock of the database jumped', () => {
  it.each(['1 year', '-1 year'])(
    'by %s is ended for an instance that starts then',
    async (jump) => {
      const session = await knownSession();
      await signOut(here.url, session);
      // Seen from a clock that is ahead, all that has happened was so much earlier.
      await sql(`
      update auth.revoked_session set revoked_at = revoked_at - interval '${jump}';
      update auth.purge_clock set seen_at = clock_timestamp() - interval '${jump}'`);
      const late = startProgram(here.databaseUrl);
      expect(await probe(await late.ready(), session.token)).toBe(ENDED);
      await late.kill('SIGTERM');
    },
  );
});

describe('the line', () => {
  const LISTEN_CONNECTION = `application_name = 'taskward listen' and datname = current_database()`;

  it('costs a request nothing: no query is sent for a cached token', async () => {
    const { token } = await knownSession();
    const before = proxy.messages.length;
    for (let request = 0; request < 100; request += 1) await probe(there, token);
    // Nothing but what asks whether the line is there, every two seconds.
    expect(proxy.messages.length - before).toBeLessThan(5);
  });

  it('is read again when it was cut: what was revoked meanwhile is refused', async () => {
    for (let round = 0; round < 3; round += 1) {
      const session = await knownSession();
      await sql(`
        begin;
        select pg_terminate_backend(pid) from pg_stat_activity where ${LISTEN_CONNECTION};
        delete from auth.session where id = '${sidOf(session)}';
        commit`);
      for (const url of [there, here.url]) {
        expect((await until(ENDED, url, session.token)).ms).toBeLessThan(SECOND);
      }
    }
  });

  it('notifies key caches of changed keys, and of its own absence', async () => {
    let calls = 0;
    here.nest.get(KeySource, { strict: false }).onChange(() => (calls += 1));
    await sql(`update auth.jwks set "createdAt" = "createdAt"`);
    await untilSo(() => Promise.resolve(calls > 0));
    expect(calls).toBe(1);
    await sql(`select pg_terminate_backend(pid) from pg_stat_activity where ${LISTEN_CONNECTION}`);
    await untilSo(() => Promise.resolve(calls > 1));
    expect(calls).toBe(2);
  });
});
