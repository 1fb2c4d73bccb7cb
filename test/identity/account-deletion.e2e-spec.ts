import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { IDENTITY_ROLE, SYSTEM_ROLE, urlFor } from '../../src/database/connection.js';
import { OWNED_BY_CURRENT_USER } from '../../src/database/index.js';
import { AccountErasure } from '../../src/identity/account-erasure.js';
import { AccountPurge } from '../../src/identity/account-purge.js';
import { startApp, useApp } from '../support/app.js';
import { signUp, type TestUser, userWith } from '../support/client.js';
import { setClock, trustClock } from '../support/clock.js';
import { asDatabaseOwner, withOwner } from '../support/database.js';
import { ENDED, GOOD, newToken, probe, until } from '../support/ended-sessions.js';
import { createWithKey, newKey } from '../support/idempotency.js';
import { until as untilTrue } from '../support/until.js';
import { callAuth, cookieOf, isSignedIn, PASSWORD } from '../support/identity.js';

const SECOND = 1_000;

const app = useApp({ DATABASE_STATEMENT_TIMEOUT: '2s' });
let ada: TestUser;
let eve: TestUser;

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
      (select coalesce(sum(tasks + responses), 0)::int from usage where owner_id = '${id}') as counted,
      (select count(*)::int from auth."user" where id = '${id}') as users,
      (select count(*)::int from auth.session where "userId" = '${id}') as sessions,
      (select count(*)::int from auth.account where "userId" = '${id}') as accounts`);
  return row;
}

/** Rows are erased in batches, soon after the response. */
const expectNothing = (user: TestUser) =>
  untilTrue(async () => {
    expect(await remainsOf(user)).toEqual(NOTHING);
    return true;
  });

/** Signs up with the address of an account that was deleted. */
async function signUpAgain({ email }: TestUser): Promise<TestUser> {
  const response = await callAuth<{ user: { id: string } }>(app.url, '/sign-up/email', {
    name: 'ada',
    email,
    password: PASSWORD,
  });
  const cookie = cookieOf(response);
  const token = await newToken(app.url, cookie);
  return userWith(app.url, { id: response.body.user.id, email, cookie, token });
}

/** Erases what is there now: a run that is under way may have passed it already, the next one has not. */
const eraseNow = async () => {
  const erasure = app.nest.get(AccountErasure, { strict: false });
  await erasure.run();
  await erasure.run();
};

const plantTasks = ({ id }: TestUser, count: number) =>
  sql(`
    insert into task (owner_id, id, title)
    select '${id}', gen_random_uuid(), 'many ' || n from generate_series(1, ${String(count)}) n`);

/** Every table whose rows are somebody's, by the catalogue. */
async function ownedTables(): Promise<string[]> {
  const rows = await sql(`
    select attrelid::regclass::text as name from pg_attribute join pg_class on pg_class.oid = attrelid
     where attname = 'owner_id' and not attisdropped and relkind in ('r', 'p')
       and relnamespace <> 'pg_catalog'::regnamespace
     order by 1`);
  return rows.map(({ name }) => String(name));
}

/** A value of any type that a column may have; that of a feed's kind is one of two. */
const ANY_VALUE = `case
  when attname = 'owner_id' then quote_literal($1)
  when attname = 'kind' then quote_literal('events')
  when typname = 'bytea' then 'sha256(gen_random_uuid()::text::bytea)'
  when typname = 'uuid' then 'gen_random_uuid()'
  when typname in ('json', 'jsonb') then quote_literal('{}')
  when typname in ('int2', 'int4', 'int8', 'numeric', 'float8') then '1'
  when typname = 'bool' then 'true'
  when typname in ('date', 'timestamptz') then 'now()'
  when typname like E'\\_%' then quote_literal('{}')
  else quote_literal('x') end`;

/** Inserts a row of the user into any table, with values that its columns' types allow. */
async function plantRow(table: string, { id }: TestUser): Promise<void> {
  await withOwner(app.databaseUrl, async (client) => {
    const { rows } = await client.query<{ statement: string }>(
      `select format('insert into ${table} (%s) values (%s) on conflict do nothing',
          string_agg(quote_ident(attname), ', ' order by attnum),
          string_agg(${ANY_VALUE}, ', ' order by attnum)) as statement
         from pg_attribute join pg_type on pg_type.oid = atttypid
        where attrelid = '${table}'::regclass and attnum > 0 and attnotnull and not atthasdef
          and not attisdropped`,
      [id],
    );
    await client.query(rows[0]?.statement ?? '');
  });
}

const EVERYTHING = { tasks: 3, keys: 1, counted: 4, users: 1, sessions: 1, accounts: 1 };
const NOTHING = { tasks: 0, keys: 0, counted: 0, users: 0, sessions: 0, accounts: 0 };

describe('an account that is deleted', () => {
  it("removes its tasks, trash, keys and sessions, and no other user's", async () => {
    const response = await deleteAccount({ password: PASSWORD });
    expect([response.status, response.body.success]).toEqual([200, true]);
    expect(await remainsOf(ada)).toMatchObject({ users: 0, sessions: 0, accounts: 0 });
    await expectNothing(ada);
    expect(await remainsOf(eve)).toEqual(EVERYTHING);
    expect((await eve.list()).data).toHaveLength(2);
    expect(response.headers.getSetCookie().join()).toMatch(/session_token=; Max-Age=0/);
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
    const anew = await signUpAgain(ada);
    expect(anew.id).not.toBe(ada.id);
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

  it('takes more tasks along than a statement could within its deadline', async () => {
    await plantTasks(ada, 2500);
    // As a statement that deletes more than a thousand may run for long.
    await sql(`
      create function dawdle() returns trigger language plpgsql as $$ begin
        if (select count(*) from gone) > 1000 then perform pg_sleep(60); end if;
        return null; end $$;
      create trigger dawdle after delete on task referencing old table as gone
        for each statement execute function dawdle()`);
    expect((await deleteAccount({ password: PASSWORD })).status).toBe(200);
    await expectNothing(ada);
    await sql('drop trigger dawdle on task; drop function dawdle()');
    expect(await remainsOf(eve)).toEqual(EVERYTHING);
  });

  it('waits for none of its rows, shows none of them to its successor, and erases the rest later', async () => {
    await plantTasks(ada, 1500);
    const anew = await withOwner(app.databaseUrl, async (client) => {
      await client.query(`begin; select from task where owner_id = '${ada.id}' for update`);
      expect((await deleteAccount({ password: PASSWORD })).status).toBe(200);
      const user = await signUpAgain(ada);
      expect(user.id).not.toBe(ada.id);
      expect((await user.list()).data).toEqual([]);
      expect((await user.list('?trashed=true')).data).toEqual([]);
      expect(await remainsOf(ada)).toMatchObject({ tasks: 1503, users: 0 });
      await client.query('commit');
      return user;
    });
    await anew.create({ title: 'of the successor' });
    await eraseNow();
    await expectNothing(ada);
    expect((await anew.list()).data).toHaveLength(1);
  });

  it('takes along what is in any table with an owner, one that is added later too', async () => {
    await sql(`
      create table planted (owner_id text not null, id uuid not null, primary key (owner_id, id));
      alter table planted enable row level security;
      alter table planted force row level security;
      create policy planted_owner on planted
        using (${OWNED_BY_CURRENT_USER});
      grant select, delete on planted to ${SYSTEM_ROLE}`);
    const tables = await ownedTables();
    expect(tables).toEqual(expect.arrayContaining(['idempotency_key', 'planted', 'task']));
    for (const table of tables) for (const user of [ada, eve]) await plantRow(table, user);
    await deleteAccount({ password: PASSWORD });
    await expectNothing(ada);
    const rows = (user: TestUser) =>
      Promise.all(
        tables.map(async (table) => {
          const found = await sql(`select from ${table} where owner_id = '${user.id}' limit 1`);
          return found.length;
        }),
      );
    await untilTrue(async () => (await rows(ada)).every((count) => count === 0));
    expect(await rows(eve)).toEqual(tables.map(() => 1));
    await sql('drop table planted');
  });
});

describe('an account is not deleted', () => {
  it.each([
    { name: 'a wrong password', json: { password: 'a wrong guess' }, code: 'INVALID_PASSWORD' },
    { name: 'no password, however new the session is', json: {}, code: 'PASSWORD_REQUIRED' },
    { name: 'an empty password', json: { password: '' }, code: 'PASSWORD_REQUIRED' },
    { name: 'a token that nobody was sent', json: { token: 'x' }, code: 'PASSWORD_REQUIRED' },
  ])('with $name', async ({ json, code }) => {
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
      create trigger refuse before delete on auth.account for each row execute function refuse()`);
    const { status } = await deleteAccount({ password: PASSWORD });
    await sql('drop trigger refuse on auth.account; drop function refuse()');
    expect(status).toBe(500);
    expect(await remainsOf(ada)).toEqual(EVERYTHING);
    expect(await probe(app.url, ada.token)).toBe(GOOD);
    expect((await ada.list()).data).toHaveLength(2);
  });

  it('when it takes too long', async () => {
    await withOwner(app.databaseUrl, async (client) => {
      await client.query(`begin; select from auth.account where "userId" = '${ada.id}' for update`);
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
    // Not even when somebody claims that the account was deleted.
    await sql(`insert into auth.deleted_user (id) values ('${ada.id}')`);
    for (const call of [`('${ada.id}')`, `('${ada.id}', 1000)`]) {
      const { rows } = await asIdentity(`select erase_deleted_user${call} as removed`);
      expect(rows).toEqual([{ removed: 0 }]);
    }
    await eraseNow();
    expect(await remainsOf(ada)).toEqual(EVERYTHING);
  });

  it('sees no tasks after a deletion in the same transaction', async () => {
    const left = `current_setting('app.user_id', true)`;
    const results: unknown = await asIdentity(
      `begin; delete from "user" where id = '${ada.id}';
       select erase_deleted_user('${ada.id}', 1000) as erased; select ${left} as left; commit`,
    );
    const rows = (results as { rows: unknown[] }[]).flatMap((result) => result.rows);
    // Three tasks, a key, the sixteen slots of their counts, four entries of the log and its counter.
    expect(rows).toEqual([{ erased: 25 }, { left: '' }]);
    expect(await remainsOf(ada)).toEqual(NOTHING);
  });
});

describe('the purge', () => {
  const purge = () => app.nest.get(AccountPurge, { strict: false }).run();

  beforeEach(() => trustClock(app));

  it("removes rows that a request wrote during the deletion, and no other user's", async () => {
    await deleteAccount({ password: PASSWORD });
    await expectNothing(ada);
    await plantTasks(ada, 1);
    await eraseNow();
    expect(await remainsOf(ada)).toEqual(NOTHING);
    expect(await remainsOf(eve)).toEqual(EVERYTHING);
  });

  it('remembers a deleted account as long as rows of it are left', async () => {
    await deleteAccount({ password: PASSWORD });
    await expectNothing(ada);
    await plantTasks(ada, 2);
    const remembered = `select id from auth.deleted_user where id = '${ada.id}'`;
    await sql(`update auth.deleted_user set deleted_at = now() - interval '26 hours'`);
    await withOwner(app.databaseUrl, async (client) => {
      const lock = `select pg_advisory_lock(hashtextextended('${ada.id}', 11))`;
      await client.query(lock);
      await purge();
      expect(await sql(remembered)).toHaveLength(1);
    });
    await purge();
    expect(await sql(remembered)).toHaveLength(1);
    await eraseNow();
    await purge();
    expect(await sql(remembered)).toEqual([]);
    expect(await remainsOf(ada)).toEqual(NOTHING);
  });

  it('spares an account that was restored by hand', async () => {
    await deleteAccount({ password: PASSWORD });
    await expectNothing(ada);
    await sql(`
      insert into auth."user" (id, name, email, "emailVerified")
      values ('${ada.id}', 'ada', '${ada.email}', false)`);
    await plantTasks(ada, 1);
    await eraseNow();
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

  it('removes nothing while the clock has jumped', async () => {
    const ended = { email: eve.email, password: PASSWORD };
    const cookie = cookieOf(await callAuth(app.url, '/sign-in/email', ended));
    await callAuth(app.url, '/sign-out', {}, cookie);
    const counts = () =>
      sql(`
      select (select count(*) from auth.session) as sessions,
        (select count(*) from auth.revoked_session) as revoked,
        (select count(*) from auth.deleted_user) as deleted`);
    await purge();
    const before = await counts();
    await setClock(app, '1 year');
    await purge();
    await purge();
    await setClock(app, '0');
    await purge();
    expect(await counts()).toEqual(before);
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
