import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE } from '../../src/database/connection.js';
import { startApp } from '../support/app.js';
import { bareEnv } from '../support/bare-env.js';
import { signUp } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { useOwnServer } from '../support/own-server.js';

const COMMAND = fileURLToPath(new URL('../../dist/db-roles.js', import.meta.url));
const PASSWORD = 'hunter2-is-no-password';
/** Not ASCII, with what SASLprep changes: a space and a ligature. */
const PREPARED_PASSWORD = 'grüße\u00a0vom ﬁsch';

// Several programs are started in one test.
jest.setTimeout(120_000);

const server = useOwnServer();
const { asSuperuser } = server;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-roles-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `npm run db:roles`. */
const run = (variables: Record<string, string>, ...parameters: string[]) =>
  new Promise<{ code: unknown; output: string }>((resolve) => {
    const options = { cwd: folder, env: { ...bareEnv(), ...variables } };
    execFile(process.execPath, [COMMAND, ...parameters], options, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, output: (stdout + stderr).trimEnd() });
    });
  });

/** Creates a role that owns a database of the same name; returns the variables of an app on it. */
async function createOwner(name: string, attributes = ''): Promise<Record<string, string>> {
  await asSuperuser(
    `create role ${name} login password '${PASSWORD}' ${attributes}`,
    `create database ${name} owner ${name}`,
  );
  return {
    DATABASE_URL: server.urlOf(name, name, PASSWORD),
    DATABASE_API_URL: server.urlOf(API_ROLE, name, PASSWORD),
    DATABASE_IDENTITY_URL: server.urlOf(IDENTITY_ROLE, name, PASSWORD),
  };
}

async function rolesLike(pattern: string) {
  const sql = `select rolname as name, rolcanlogin as login, rolinherit as inherit,
      left(rolpassword, 19) as password from pg_authid where rolname ~ $1 order by rolname`;
  return withOwner(server.url, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(sql, [pattern]);
    return rows;
  });
}

async function expectToServe(variables: Record<string, string>): Promise<void> {
  const app = await startApp(variables);
  try {
    const ada = await signUp(app.url);
    const task = await ada.create();
    expect((await ada.list()).data).toEqual([task]);
  } finally {
    await app.close();
  }
}

const VERIFIER = { password: 'SCRAM-SHA-256$4096:' };
const MADE = [
  { name: API_ROLE, login: true, inherit: false, ...VERIFIER },
  { name: IDENTITY_ROLE, login: true, inherit: false, ...VERIFIER },
  { name: SYSTEM_ROLE, login: false, inherit: false, password: null },
];

// In this order: the roles belong to the whole server.
describe('on an empty server', () => {
  it('a role without CREATEROLE changes nothing, and the message names the way out', async () => {
    const { code, output } = await run(await createOwner('too_weak'));
    expect(output).toMatch(
      /^DATABASE_URL: permission denied to create role.* Nothing has changed; an administrator can run what --print prints$/,
    );
    expect(code).toBe(1);
    expect(await rolesLike('^taskward_')).toEqual([]);
  });

  it('an administrator runs what is printed, and then the owner of the database starts', async () => {
    const variables = await createOwner('printed');
    const { code, output } = await run(variables, '--print');
    expect(code).toBe(0);
    expect(output).not.toContain(PASSWORD);
    await asSuperuser(output);
    expect(await rolesLike('^taskward_')).toEqual(MADE);
    await expectToServe(variables);
    await asSuperuser(
      'drop database printed',
      'drop database too_weak',
      `drop role ${API_ROLE}, ${IDENTITY_ROLE}, ${SYSTEM_ROLE}`,
    );
  });

  it('a role with CREATEROLE makes the roles with the passwords of both URLs', async () => {
    const variables = await createOwner('creator', 'createrole');
    expect(await run(variables)).toEqual({
      code: 0,
      output:
        'The roles are there, with the passwords of DATABASE_API_URL and DATABASE_IDENTITY_URL. npm run doctor tries the logins.',
    });
    expect(await rolesLike('^taskward_')).toEqual(MADE);
    const settings = `select current_user::text as role, current_setting('search_path') as path,
      current_setting('TimeZone') as zone, current_setting('statement_timeout') as timeout`;
    const common = { zone: 'UTC', timeout: '10s' };
    for (const [name, role, path] of [
      ['DATABASE_API_URL', API_ROLE, 'public'],
      ['DATABASE_IDENTITY_URL', IDENTITY_ROLE, 'auth'],
    ] as const) {
      const { rows } = await withOwner(variables[name] ?? '', (client) => client.query(settings));
      expect(rows).toEqual([{ ...common, role, path }]);
    }
    await expectToServe(variables);
  });
});

describe('repeated', () => {
  it('sets new passwords, also those that SASLprep changes', async () => {
    const variables = await createOwner('renewed', 'superuser');
    await run(variables);
    const changed = {
      ...variables,
      DATABASE_API_URL: server.urlOf(API_ROLE, 'renewed', PREPARED_PASSWORD),
    };
    expect((await run(changed)).code).toBe(0);
    const connect = (url = '') => withOwner(url, (client) => client.query('select 1'));
    await expect(connect(variables['DATABASE_API_URL'])).rejects.toThrow('authentication failed');
    await expect(connect(changed.DATABASE_API_URL)).resolves.toBeDefined();
    // The server prepares a password of its own accord, and agrees.
    await asSuperuser(`alter role ${API_ROLE} password '${PREPARED_PASSWORD}'`);
    await expect(connect(changed.DATABASE_API_URL)).resolves.toBeDefined();
  });

  it('makes only the logins that are set', async () => {
    const { DATABASE_URL = '' } = await createOwner('one_url', 'superuser');
    expect(await run({ DATABASE_URL })).toEqual({
      code: 0,
      output:
        'The roles are there. Set DATABASE_API_URL and DATABASE_IDENTITY_URL to give them logins.',
    });
  });
});

describe('names', () => {
  it('of other roles get the rights of the restricted one', async () => {
    const variables = {
      ...(await createOwner('named', 'superuser')),
      DATABASE_API_URL: server.urlOf('api of mine', 'named', PASSWORD),
    };
    expect((await run(variables)).code).toBe(0);
    expect(await rolesLike('^api of')).toEqual([
      { name: 'api of mine', login: true, inherit: true, ...VERIFIER },
    ]);
    await expectToServe(variables);
  });

  it.each([API_ROLE + '.project', API_ROLE + '@server'])(
    'with the suffix of a hosted pooler are without it in the database: %s',
    async (user) => {
      const DATABASE_URL = server.urlOf('owner', 'db', PASSWORD);
      const DATABASE_API_URL = server.urlOf(encodeURIComponent(user), 'db', PASSWORD);
      const { output } = await run({ DATABASE_URL, DATABASE_API_URL }, '--print');
      expect(output).toContain(`alter role "${API_ROLE}" login password 'SCRAM-SHA-256$`);
      expect(output).not.toContain(user);
    },
  );

  it('of a role with more rights keep their password', async () => {
    await asSuperuser(`create role strong superuser login password '${PASSWORD}'`);
    const variables = {
      ...(await createOwner('climbs', 'superuser')),
      DATABASE_API_URL: server.urlOf('strong', 'climbs', 'another-password'),
    };
    const { code, output } = await run(variables);
    expect(output).toMatch(/^DATABASE_URL: it has too many rights for requests: strong\. Nothing/);
    expect(code).toBe(1);
    const url = server.urlOf('strong', 'climbs', PASSWORD);
    await expect(withOwner(url, (client) => client.query('select 1'))).resolves.toBeDefined();
  });
});

describe('is refused', () => {
  const at = (user: string, password: string) => server.urlOf(user, 'db', password);

  it.each<{ name: string; variables: () => Record<string, string>; says: string }>([
    {
      name: 'for the embedded PostgreSQL',
      variables: () => ({}),
      says: 'DATABASE_URL must be set: the embedded PostgreSQL makes its roles itself',
    },
    {
      name: 'without a password',
      variables: () => ({ DATABASE_URL: at('owner', 'x'), DATABASE_API_URL: at(API_ROLE, '') }),
      says: 'DATABASE_API_URL must contain a password',
    },
    {
      name: 'for the role of DATABASE_URL',
      variables: () => ({ DATABASE_URL: at('owner', 'x'), DATABASE_API_URL: at('owner', 'x') }),
      says: `DATABASE_API_URL must name another role than DATABASE_URL: ${API_ROLE}`,
    },
  ])('$name', async ({ variables, says }) => {
    const { code, output } = await run(variables(), '--print');
    expect(output).toContain(says);
    expect(code).toBe(1);
  });

  it('with an unknown option, which prints the usage', async () => {
    const { code, output } = await run({}, '--help');
    expect(output).toMatch(/^Usage: npm run db:roles/);
    expect(code).toBe(1);
  });
});
