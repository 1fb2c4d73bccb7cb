import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EntityManager } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { createTaskward } from '../../src/app.setup.js';
import { parseEnv } from '../../src/config/env.js';
import {
  API_ROLE,
  DEFAULT_LIMITS,
  IDENTITY_ROLE,
  SYSTEM_ROLE,
} from '../../src/database/connection.js';
import { openDatabase } from '../../src/database/open-database.js';
import { startApp, type TestApp } from '../support/app.js';
import { signUp } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { useOwnServer } from '../support/own-server.js';

/** Ways back from a lesser role to the one that logged in, and further up. */
const WAYS_UP = [
  'reset role',
  'set role none',
  'set session authorization default',
  'set role postgres',
  `set role ${SYSTEM_ROLE}`,
  'reset all',
  'discard all',
];

/** Runs each way up on a connection, and then says as whom the connection runs and what it can see. */
async function rightsAfter(url: string, wayUp: string) {
  return withOwner(url, async (client) => {
    await client.query(wayUp).catch(() => undefined);
    const { rows } = await client.query<Record<string, unknown>>(
      `select current_user::text as role, session_user::text as login,
         (select rolsuper or rolbypassrls or rolcreaterole from pg_roles where rolname = current_user) as above`,
    );
    return rows[0];
  });
}

const PASSWORD = 'hunter2-is-no-password';
const server = useOwnServer();
const { asSuperuser } = server;

const urlOf = (role: string, database: string, password = PASSWORD) =>
  server.urlOf(role, database, password);

async function createDatabase(name: string): Promise<string> {
  await asSuperuser(`create database ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return url.href;
}

/** Opens a database, and returns its warnings or the message it was refused with. */
async function open(options: { url: string; apiUrl?: string; identityUrl?: string }) {
  const warnings: string[] = [];
  const [outcome] = await Promise.allSettled([
    openDatabase({
      ...options,
      dataDir: server.dataDir,
      log: () => undefined,
      warn: (line) => warnings.push(line),
    }),
  ]);
  const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
  return { warnings, refusal: reason instanceof Error ? reason.message : undefined };
}

describe('the embedded database', () => {
  it('leaves no way up from the connections of requests and of Better Auth', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'taskward-logins-'));
    const database = await openDatabase({
      url: undefined,
      dataDir: directory,
      log: () => undefined,
    });
    try {
      for (const [url, role] of [
        [database.urls.api, API_ROLE],
        [database.urls.identity, IDENTITY_ROLE],
        [database.urls.session, IDENTITY_ROLE],
      ] as const) {
        for (const wayUp of WAYS_UP) {
          expect(await rightsAfter(url, wayUp)).toEqual({ role, login: role, above: false });
        }
      }
    } finally {
      await database.stop();
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('is served by those connections', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'taskward-logins-'));
    const settings = { PORT: '0', DATA_DIR: directory, LOG_LEVEL: 'silent', RATE_LIMIT: 'off' };
    const { env, nest, listen, close } = await createTaskward(parseEnv(settings));
    try {
      await listen();
      const ada = await signUp(`http://127.0.0.1:${String(env.PORT)}`);
      const task = await ada.create();
      expect((await ada.list()).data).toEqual([task]);
      const who = 'select session_user::text as login';
      const api = await nest.get(EntityManager).getConnection().execute<object[]>(who);
      expect(api).toEqual([{ login: API_ROLE }]);
      const identity = await nest.get(Pool, { strict: false }).query(who);
      expect(identity.rows).toEqual([{ login: IDENTITY_ROLE }]);
    } finally {
      await close();
      await rm(directory, { recursive: true, force: true });
    }
  });
});

// In this order: whether our roles can log in is the same for the whole server.
describe('a database elsewhere', () => {
  it('is served through one URL, with a warning that contains the remedy', async () => {
    const { warnings, refusal } = await open({ url: await createDatabase('one_url') });
    expect(refusal).toBeUndefined();
    expect(warnings).toEqual([
      'DATABASE_URL: connections of requests log in as "postgres", and what runs SQL on one could ' +
        'become that role again. Set DATABASE_API_URL and DATABASE_IDENTITY_URL to URLs of ' +
        `${API_ROLE} and ${IDENTITY_ROLE} with new passwords, and run: npm run db:roles`,
    ]);
  });

  it('gives roles that cannot log in the passwords of their URLs, and attaches their settings', async () => {
    const url = await createDatabase('own_logins');
    const own = {
      apiUrl: urlOf(API_ROLE, 'own_logins'),
      identityUrl: urlOf(IDENTITY_ROLE, 'own_logins'),
    };
    // Several instances at once.
    const opened = await Promise.all([1, 2, 3].map(() => open({ url, ...own })));
    for (const each of opened) expect(each).toEqual({ warnings: [], refusal: undefined });
    const settings = (connection: string) =>
      withOwner(connection, async (client) => {
        const { rows } = await client.query<Record<string, unknown>>(
          `select current_setting('search_path') as path, current_setting('TimeZone') as zone,
             current_setting('plan_cache_mode') as plans, current_setting('statement_timeout') as timeout`,
        );
        return rows[0];
      });
    const common = { zone: 'UTC', timeout: '10s' };
    expect(await settings(own.apiUrl)).toEqual({
      ...common,
      path: 'public',
      plans: 'force_generic_plan',
    });
    expect(await settings(own.identityUrl)).toEqual({ ...common, path: 'auth', plans: 'auto' });
    for (const wayUp of WAYS_UP) {
      expect(await rightsAfter(own.apiUrl, wayUp)).toMatchObject({ role: API_ROLE, above: false });
    }
    // The limits of this start, and not of the one before it.
    await openDatabase({
      url,
      ...own,
      dataDir: server.dataDir,
      limits: { ...DEFAULT_LIMITS, statementTimeoutMs: 7_000 },
      log: () => undefined,
    });
    expect(await settings(own.apiUrl)).toMatchObject({ timeout: '7s' });
  });

  describe('with logins of their own', () => {
    let app: TestApp;

    beforeAll(async () => {
      app = await startApp({
        DATABASE_URL: await createDatabase('served'),
        DATABASE_API_URL: urlOf(API_ROLE, 'served'),
        DATABASE_IDENTITY_URL: urlOf(IDENTITY_ROLE, 'served'),
        DATABASE_POOL_SIZE: '2',
      });
    });
    afterAll(() => app.close());

    it('serves each user their own tasks', async () => {
      const [ada, eve] = [await signUp(app.url, 'ada'), await signUp(app.url, 'eve')];
      const task = await ada.create();
      expect((await ada.list()).data).toEqual([task]);
      expect((await eve.list()).data).toEqual([]);
    });

    it('connects requests as these roles alone', async () => {
      const { rows } = await withOwner(app.databaseUrl, (client) =>
        client.query<{ login: string; name: string }>(
          `select distinct usename::text as login, application_name as name from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() order by 1`,
        ),
      );
      expect(rows).toEqual(
        [
          // LISTEN, by DATABASE_URL.
          { login: 'postgres', name: 'taskward changes' },
          { login: 'postgres', name: 'taskward listen' },
          { login: 'postgres', name: 'taskward tokens' },
          { login: API_ROLE, name: '' },
          { login: IDENTITY_ROLE, name: '' },
        ].sort((a, b) => (a.login < b.login ? -1 : 1)),
      );
    });
  });

  it.each([
    { what: 'a superuser', login: 'postgres', says: /row-level security may not apply/ },
    {
      what: 'one who can become a superuser',
      login: 'climber',
      says: /row-level security may not apply/,
    },
    {
      what: 'one who can become the role that searches',
      login: 'searcher',
      says: /role of other connections/,
    },
    { what: 'one who owns the tables', login: 'keeper', says: /owns the tables/ },
    {
      what: 'one without rights',
      login: 'stranger',
      says: /none of the rights of taskward_api\. Run: grant taskward_api to "stranger"/,
    },
    { what: 'nobody', login: 'missing', says: /there is no role "missing"/ },
  ])('refuses DATABASE_API_URL of $what', async ({ login, says }) => {
    const name = `refused_${login}`;
    const url = await createDatabase(name);
    await open({ url });
    if (login !== 'missing' && login !== 'postgres') {
      await asSuperuser(`create role ${login} login password '${PASSWORD}'`);
    }
    if (!['missing', 'postgres', 'stranger'].includes(login)) {
      await asSuperuser(`grant ${API_ROLE} to ${login}`);
    }
    if (login === 'climber') await asSuperuser('grant postgres to climber with inherit false');
    if (login === 'searcher') await asSuperuser(`grant ${SYSTEM_ROLE} to searcher`);
    if (login === 'keeper') {
      await withOwner(url, (client) => client.query('alter table task owner to keeper'));
    }
    const password = login === 'postgres' ? new URL(server.url).password : PASSWORD;
    const { refusal } = await open({ url, apiUrl: urlOf(login, name, password) });
    expect(refusal).toMatch(says);
    expect(refusal).toMatch(/^DATABASE_API_URL: /);
    expect(refusal).not.toContain(password);
  });

  it('takes a login that has the rights of taskward_api and no more', async () => {
    const url = await createDatabase('granted');
    await open({ url });
    await asSuperuser(
      `create role granted login password '${PASSWORD}'`,
      `grant ${API_ROLE} to granted`,
    );
    const { refusal } = await open({ url, apiUrl: urlOf('granted', 'granted') });
    expect(refusal).toBeUndefined();
  });

  it('refuses a URL that leads to another database, and one with a wrong password', async () => {
    const url = await createDatabase('here');
    const apiUrl = urlOf(API_ROLE, 'postgres');
    expect((await open({ url, apiUrl })).refusal).toBe(
      'DATABASE_API_URL: it leads to the database "postgres"',
    );
    const wrong = urlOf(IDENTITY_ROLE, 'here', 'wrong-one');
    expect((await open({ url, identityUrl: wrong })).refusal).toBe(
      `DATABASE_IDENTITY_URL: password authentication failed for user "${IDENTITY_ROLE}"`,
    );
  });
});
