import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { IDENTITY_ROLE, urlFor } from '../src/database/connection.js';
import { AccountPurge } from '../src/identity/account-purge.js';
import { startApp, type TestApp } from './support/app.js';
import { signUp, type TestUser, userWith } from './support/client.js';
import { asDatabaseOwner, withOwner } from './support/database.js';
import { ENDED, GOOD, newToken, probe, until } from './support/ended-sessions.js';
import { createWithKey, newKey } from './support/idempotency.js';
import { callAuth, cookieOf, isSignedIn, PASSWORD } from './support/identity.js';

const SECOND = 1_000;

let app: TestApp;
let ada: TestUser;
let eve: TestUser;

beforeAll(async () => {
  app = await startApp({ DATABASE_STATEMENT_TIMEOUT: '3s' });
});
afterAll(() => app.close());
beforeEach(async () => {
  ada = await signUp(app.url, 'ada');
  eve = await signUp(app.url, 'eve');
  for (const user of [ada, eve]) {
    await user.create({ title: 'live' });
    const { id } = await user.create({ title: 'in the trash' });
    await user.api(`/tasks/${id}`, { method: 'DELETE' });
    await createWithKey(app, user, newKey());
  }
});

const sql = (text: string) => asDatabaseOwner(app, text);
const deleteAccount = (json: unknown, { cookie } = ada) =>
  callAuth<{ code?: string; success?: boolean }>(app.url, '/delete-user', json, cookie);

/** How many rows there are of a user, in each place. */
async function remainsOf({ id }: TestUser) {
  const [row] = await sql(`
    select (select count(*)::int from task where owner_id = '${id}') as tasks,
      (select count(*)::int from idempotency_key where owner_id = '${id}') as keys,
      (select count(*)::int from auth."user" where id = '${id}') as users,
      (select count(*)::int from auth.session where "userId" = '${id}') as sessions,
      (select count(*)::int from auth.account where "userId" = '${id}') as accounts`);
  return row;
}

const EVERYTHING = { tasks: 3, keys: 1, users: 1, sessions: 1, accounts: 1 };
const NOTHING = { tasks: 0, keys: 0, users: 0, sessions: 0, accounts: 0 };

describe('an account that is deleted', () => {
  it('takes its tasks, its trash, its keys and its sessions along, and nobody else’s', async () => {
    const answer = await deleteAccount({ password: PASSWORD });
    expect([answer.status, answer.body.success]).toEqual([200, true]);
    expect(await remainsOf(ada)).toEqual(NOTHING);
    expect(await remainsOf(eve)).toEqual(EVERYTHING);
    expect((await eve.list()).data).toHaveLength(2);
    expect(answer.headers.getSetCookie().join()).toMatch(/session_token=; Max-Age=0/);
    expect(await isSignedIn(app.url, ada.cookie)).toBe(false);
  });

  it('ends the tokens of all its sessions', async () => {
    const json = { email: ada.email, password: PASSWORD };
    const cookie = cookieOf(await callAuth(app.url, '/sign-in/email', json));
    const tokens = [ada.token, await newToken(app.url, cookie)];
    await deleteAccount({ password: PASSWORD });
    for (const token of tokens) {
      expect((await until(ENDED, app.url, token)).ms).toBeLessThan(SECOND);
    }
    expect(await probe(app.url, eve.token)).toBe(GOOD);
  });

  it('leaves its address free, for an account that has nothing of it', async () => {
    await deleteAccount({ password: PASSWORD });
    const json = { name: 'ada', email: ada.email, password: PASSWORD };
    const again = await callAuth<{ user: { id: string } }>(app.url, '/sign-up/email', json);
    const { id } = again.body.user;
    expect(id).not.toBe(ada.id);
    const cookie = cookieOf(again);
    const token = await newToken(app.url, cookie);
    const anew = userWith(app.url, { id, email: ada.email, cookie, token });
    expect((await anew.list()).data).toEqual([]);
    expect((await anew.list('?trashed=true')).data).toEqual([]);
  });

  it('is logged, without its address', async () => {
    const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    await deleteAccount({ password: PASSWORD });
    const lines = log.mock.calls.map(([line]) => line as unknown);
    log.mockRestore();
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: 'account_deleted',
        userId: ada.id,
        requestId: expect.stringMatching(/\S/),
      }),
    );
    expect(JSON.stringify(lines)).not.toContain(ada.email);
  });

  it('takes many tasks along', async () => {
    await sql(`
      insert into task (owner_id, id, title)
      select '${ada.id}', gen_random_uuid(), 'many ' || n from generate_series(1, 5000) n`);
    const start = performance.now();
    expect((await deleteAccount({ password: PASSWORD })).status).toBe(200);
    process.stdout.write(`5,000 tasks deleted in ${(performance.now() - start).toFixed(0)} ms\n`);
    expect(await remainsOf(ada)).toEqual(NOTHING);
  });
});

describe('an account is not deleted', () => {
  it.each([
    ['a wrong password', { password: 'a wrong guess' }, 'INVALID_PASSWORD'],
    ['no password, however new the session is', {}, 'PASSWORD_REQUIRED'],
    ['an empty password', { password: '' }, 'PASSWORD_REQUIRED'],
    ['a token that nobody was sent', { token: 'x' }, 'PASSWORD_REQUIRED'],
  ])('with %s', async (_, json, code) => {
    const { status, body } = await deleteAccount(json);
    expect([status, body.code]).toEqual([400, code]);
    expect(await remainsOf(ada)).toEqual(EVERYTHING);
    expect(await probe(app.url, ada.token)).toBe(GOOD);
  });

  it('without a session', async () => {
    const { status } = await deleteAccount({ password: PASSWORD }, { ...ada, cookie: '' });
    expect(status).toBe(401);
    const { status: linked } = await callAuth(app.url, '/delete-user/callback?token=x');
    expect(linked).toBe(404);
  });

  it('by a page of another site', async () => {
    const response = await fetch(`${app.url}/api/auth/delete-user`, {
      method: 'POST',
      headers: {
        cookie: ada.cookie,
        origin: 'https://evil.example',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ password: PASSWORD }),
    });
    expect(response.status).toBe(403);
    expect(await remainsOf(ada)).toEqual(EVERYTHING);
  });
});

describe('a deletion that fails half-way leaves everything as it was', () => {
  it('when the database refuses a part of it', async () => {
    await sql(`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create trigger refuse before delete on idempotency_key for each row execute function refuse()`);
    const { status } = await deleteAccount({ password: PASSWORD });
    await sql('drop trigger refuse on idempotency_key; drop function refuse()');
    expect(status).toBe(500);
    expect(await remainsOf(ada)).toEqual(EVERYTHING);
    expect(await probe(app.url, ada.token)).toBe(GOOD);
    expect((await ada.list()).data).toHaveLength(2);
  });

  it('when it takes too long', async () => {
    await withOwner(app.databaseUrl, async (client) => {
      await client.query(`begin; select from task where owner_id = '${ada.id}' for update`);
      const { status, body } = await deleteAccount({ password: PASSWORD });
      expect([status, body.code]).toEqual([503, 'database_unavailable']);
    });
    expect(await remainsOf(ada)).toEqual(EVERYTHING);
    expect(await isSignedIn(app.url, ada.cookie)).toBe(true);
  });
});

describe('the role of Better Auth', () => {
  const asIdentity = (text: string) =>
    withOwner(urlFor(app.databaseUrl, IDENTITY_ROLE, 'auth'), (client) => client.query(text));

  it('cannot remove tasks of an account that is there', async () => {
    const { rows } = await asIdentity(`select erase_deleted_user('${ada.id}') as removed`);
    expect(rows).toEqual([{ removed: 0 }]);
    expect(await remainsOf(ada)).toEqual(EVERYTHING);
  });

  it('sees nobody’s tasks after a deletion in the same transaction', async () => {
    const left = `current_setting('app.user_id', true)`;
    const results: unknown = await asIdentity(
      `begin; delete from "user" where id = '${ada.id}'; select ${left} as left; commit`,
    );
    const rows = (results as { rows: unknown[] }[]).flatMap((result) => result.rows);
    expect(rows).toEqual([{ left: '' }]);
    expect(await remainsOf(ada)).toEqual(NOTHING);
  });
});

describe('the purge', () => {
  const plantTask = ({ id }: TestUser) =>
    sql(`insert into task (owner_id, id, title) values ('${id}', gen_random_uuid(), 'late')`);
  const purge = () => app.nest.get(AccountPurge, { strict: false }).run();

  it('removes what a request wrote while the account went, and nobody else’s', async () => {
    await deleteAccount({ password: PASSWORD });
    await plantTask(ada);
    await purge();
    expect(await remainsOf(ada)).toEqual(NOTHING);
    expect(await remainsOf(eve)).toEqual(EVERYTHING);
  });

  it('spares an account that was restored by hand', async () => {
    await deleteAccount({ password: PASSWORD });
    await sql(`
      insert into auth."user" (id, name, email, "emailVerified")
      values ('${ada.id}', 'ada', '${ada.email}', false)`);
    await plantTask(ada);
    await purge();
    expect(await remainsOf(ada)).toMatchObject({ tasks: 1, users: 1 });
  });

  it('removes what has expired, and nothing else', async () => {
    await sql('truncate auth.revoked_session, auth.deleted_user, auth.verification');
    await sql(`
      insert into auth.revoked_session (id, revoked_at)
        select 'gone ' || n, now() - interval '26 hours' from generate_series(1, 2500) n
        union all select 'kept', now() - interval '24 hours';
      insert into auth.deleted_user (id, deleted_at)
        values ('gone', now() - interval '26 hours'), ('kept', now() - interval '24 hours');
      insert into auth.verification (id, identifier, value, "expiresAt")
        values ('gone', '', '', now() - interval '25 hours'), ('kept', '', '', now());
      insert into auth.session (id, token, "userId", "updatedAt", "expiresAt")
        values ('gone', 'gone', '${eve.id}', now(), now() - interval '25 hours'),
          ('kept', 'kept', '${eve.id}', now(), now() - interval '23 hours')`);
    await purge();
    for (const table of ['revoked_session', 'deleted_user', 'verification']) {
      expect(await sql(`select id from auth.${table}`)).toEqual([{ id: 'kept' }]);
    }
    const sessions = await sql(`select id from auth.session where id in ('gone', 'kept')`);
    expect(sessions).toEqual([{ id: 'kept' }]);
    expect(await remainsOf(eve)).toMatchObject({ sessions: 2 });
  });
});

// Last: the verifier of an app that is started takes the place of the others'.
describe('guesses of the password', () => {
  it('are limited as those to sign in are', async () => {
    const { close, url } = await startApp({ RATE_LIMIT: 'on' });
    const grace = await signUp(url, 'grace');
    const statuses: number[] = [];
    for (let guess = 0; guess < 4; guess += 1) {
      const json = { password: `guess ${String(guess)}` };
      statuses.push((await callAuth(url, '/delete-user', json, grace.cookie)).status);
    }
    await close();
    expect(statuses).toEqual([400, 400, 400, 429]);
  });
});
