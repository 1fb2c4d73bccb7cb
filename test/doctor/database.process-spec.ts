import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseEnv } from '../../src/config/env.js';
import { API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE } from '../../src/database/connection.js';
import { migrate } from '../../src/database/migrate.js';
import { migrations } from '../../src/database/migrations/index.js';
import { openDatabase } from '../../src/database/open-database.js';
import { examine } from '../../src/doctor/diagnose.js';
import { lineOf } from '../../src/doctor/finding.js';
import { withOwner } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { BETTER_AUTH_SECRET } from '../support/identity.js';
import { useOwnServer } from '../support/own-server.js';

const PASSWORD = 'hunter2-is-no-password';
const OWNER = 'doctor_owner';

const server = useOwnServer();
const { asSuperuser } = server;
let databases = 0;

/** Returns the URL of a new database, which belongs to a role that is no superuser. */
async function createDatabase(options = ''): Promise<string> {
  const name = `doctor_${String((databases += 1))}`;
  await asSuperuser(`create database ${name} owner ${OWNER} ${options}`);
  return server.urlOf(OWNER, name, PASSWORD);
}

const asSuperuserOf = (url: string, sql: string) =>
  withOwner(
    Object.assign(new URL(server.url), { pathname: new URL(url).pathname }).href,
    (client) => client.query(sql),
  );

/** Returns the database with logins of their own for requests. */
function variablesOf(url: string): Record<string, string> {
  const name = new URL(url).pathname.slice(1);
  return {
    DATABASE_URL: url,
    DATABASE_API_URL: server.urlOf(API_ROLE, name, PASSWORD),
    DATABASE_IDENTITY_URL: server.urlOf(IDENTITY_ROLE, name, PASSWORD),
    BETTER_AUTH_SECRET,
  };
}

const PREPARED = 'doctor_prepared';

async function prepare(variables: Record<string, string>): Promise<Record<string, string>> {
  const {
    DATABASE_URL: url,
    DATABASE_API_URL: apiUrl,
    DATABASE_IDENTITY_URL: identityUrl,
  } = variables;
  const { dataDir } = server;
  await openDatabase({ url, apiUrl, identityUrl, dataDir, log: () => undefined });
  return variables;
}

/** Returns a database that Taskward has prepared: a copy, which saves the migrations. */
async function createPrepared(): Promise<Record<string, string>> {
  const { rowCount } = await withOwner(server.url, (client) =>
    client.query('select from pg_database where datname = $1', [PREPARED]),
  );
  if (rowCount === 0) {
    await asSuperuser(`create database ${PREPARED} owner ${OWNER}`);
    await prepare(variablesOf(server.urlOf(OWNER, PREPARED, PASSWORD)));
  }
  return prepare(variablesOf(await createDatabase(`template ${PREPARED}`)));
}

/** Returns the lines of the findings, without their padding. */
async function linesOf(variables: Record<string, string>): Promise<string[]> {
  const findings = await examine(parseEnv(variables));
  return findings.map((finding) => lineOf(finding).replaceAll(/ +/g, ' '));
}

const faultsOf = async (variables: Record<string, string>) =>
  (await linesOf(variables)).filter((line) => /^(error|warning)/.test(line));

beforeAll(async () => {
  await asSuperuser(
    `create role ${OWNER} login createrole password '${PASSWORD}'`,
    `create role doctor_plain login password '${PASSWORD}'`,
    `create role doctor_super superuser login password '${PASSWORD}'`,
  );
});

// In this order: the roles belong to the whole server, and the first start creates them.
describe('a server that Taskward has never used', () => {
  it('is found to be usable, and stays as it is', async () => {
    const variables = variablesOf(await createDatabase());
    expect(await linesOf(variables)).toEqual([
      expect.stringMatching(/^ok database PostgreSQL 1\d/),
      'ok roles The next start creates the roles that are missing.',
      'ok migrations The database is empty: the first start migrates it.',
      expect.stringMatching(/^ok clock /),
      'ok notifications Notifications (LISTEN) arrive.',
      'ok keys The first start creates the signing key.',
      'ok mail Mail is written to the log.',
      'ok redis Without REDIS_URL each instance counts by itself.',
      'ok proxy No forwarding header is trusted.',
    ]);
    await withOwner(server.url, async (client) => {
      const { rows } = await client.query("select from pg_roles where rolname ~ '^taskward_'");
      expect(rows).toEqual([]);
    });
  });

  it('needs a role that may create the other ones, or their creation', async () => {
    await asSuperuser('create database doctor_plain owner doctor_plain');
    const variables = { ...variablesOf(server.urlOf('doctor_plain', 'doctor_plain', PASSWORD)) };
    const faults = await faultsOf(variables);
    expect(faults).toEqual(
      [API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE].map(
        (role) =>
          `error roles There is no role ${role}, and doctor_plain may not create it. Run as a superuser: ` +
          `create role ${role} nologin noinherit; grant ${role} to doctor_plain`,
      ),
    );
  });
});

describe('a prepared database', () => {
  it('has no fault', async () => {
    const lines = await linesOf(await createPrepared());
    expect(lines.filter((line) => !line.startsWith('ok'))).toEqual([]);
    expect(lines).toContain(
      'ok roles taskward_api, taskward_identity, taskward_system are restricted to their rights.',
    );
    expect(lines).toContain(`ok migrations All ${String(migrations.length)} migrations have run.`);
  });

  it('is used through one URL with a warning, which contains the statements', async () => {
    const { DATABASE_URL = '' } = await createPrepared();
    expect(await faultsOf({ DATABASE_URL, BETTER_AUTH_SECRET })).toEqual([
      expect.stringMatching(
        /^warning roles DATABASE_URL: .* "doctor_owner", .* Set DATABASE_API_URL and DATABASE_IDENTITY_URL to URLs of taskward_api and taskward_identity with new passwords, and run: npm run db:roles$/,
      ),
    ]);
  });
});

describe('a connection that is refused names its remedy', () => {
  it.each<{ name: string; change: (url: URL) => Promise<void> | void; expected: RegExp }>([
    {
      name: 'a wrong password',
      change: (url) => void (url.password = 'wrong'),
      expected:
        /DATABASE_URL: .* password authentication failed .* alter role "doctor_owner" login password/,
    },
    {
      name: 'an unknown role',
      change: (url) => void (url.username = 'nobody'),
      expected: /as "nobody": .* alter role "nobody" login password/,
    },
    {
      name: 'an unknown database',
      change: (url) => void (url.pathname = '/none'),
      expected: /database "none" does not exist\. .* create database "none" encoding 'UTF8'/,
    },
    {
      name: 'a server that does not run',
      change: async (url) => {
        url.search = '';
        url.host = `127.0.0.1:${String(await freePort())}`;
      },
      expected: /ECONNREFUSED.* run: pg_isready --host=127\.0\.0\.1 --port=\d+/,
    },
    {
      name: 'a database that is closed to the role',
      change: async (url) => {
        const sql = `revoke connect on database ${url.pathname.slice(1)} from public, ${OWNER}`;
        await asSuperuser(sql);
      },
      expected: /permission denied .* grant connect on database "doctor_\d+" to "doctor_owner"/,
    },
  ])('$name', async ({ change, expected }) => {
    const url = new URL(await createDatabase());
    await change(url);
    const lines = await linesOf({ DATABASE_URL: url.href, BETTER_AUTH_SECRET });
    expect(lines[0]).toMatch(/^error database /);
    expect(lines[0]).toMatch(expected);
    expect(lines.join()).not.toContain(PASSWORD);
    expect(lines.slice(1, 6).every((line) => line.startsWith('skipped'))).toBe(true);
  });
});

describe('a database that cannot be used is reported', () => {
  it('if its encoding is not UTF8', async () => {
    const url = await createDatabase("encoding 'LATIN1' template template0 locale 'C'");
    const [line] = await linesOf(variablesOf(url));
    expect(line).toMatch(/^error database The encoding of the database is LATIN1/);
    expect(line).toContain("create database taskward encoding 'UTF8' template template0");
  });

  it('if PostgreSQL is too old', async () => {
    const url = await createDatabase();
    await asSuperuserOf(
      url,
      `create function public.current_setting(text) returns text language sql as $$
         select case $1 when 'server_version_num' then '140019'
           when 'server_version' then '14.19' else pg_catalog.current_setting($1) end $$;
       alter role ${OWNER} in database ${new URL(url).pathname.slice(1)}
         set search_path = public, pg_catalog`,
    );
    const lines = await linesOf(variablesOf(url));
    expect(lines[0]).toMatch(/^error database PostgreSQL 14\.19 is too old.* pg_upgrade/);
    expect(lines[1]).toMatch(/^skipped roles/);
  });

  it.each<{ name: string; seconds: number; expected: RegExp }>([
    {
      name: 'much',
      seconds: 40,
      expected: /^error clock .* (3[89]|4[012])\.\d s behind .* timedatectl/,
    },
    {
      name: 'much, the other way',
      seconds: -40,
      expected: /^error clock .* (3[89]|4[012])\.\d s ahead/,
    },
    {
      name: 'little',
      seconds: 10,
      expected: /^warning clock .* ([89]|1[012])\.\d s behind .* timedatectl/,
    },
  ])('if its clock differs $name', async ({ seconds, expected }) => {
    const variables = await createPrepared();
    const name = new URL(variables['DATABASE_URL'] ?? '').pathname.slice(1);
    await asSuperuserOf(
      variables['DATABASE_URL'] ?? '',
      `create function public.clock_timestamp() returns timestamptz language sql as $$
         select pg_catalog.clock_timestamp() + interval '${String(seconds)} s' $$;
       alter role ${OWNER} in database ${name} set search_path = public, pg_catalog`,
    );
    expect(await faultsOf(variables)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('the schema', () => {
  it('of an earlier version will be migrated: a warning', async () => {
    const variables = variablesOf(await createDatabase());
    await migrate(variables['DATABASE_URL'] ?? '', { to: 'Migration0012UsageCompatible' });
    expect(await faultsOf(variables)).toEqual([
      expect.stringMatching(
        /^warning migrations The next start will run Migration0013\w+, .*\. Back up first: pg_dump --format=custom/,
      ),
    ]);
  });

  it.each([
    {
      name: 'Migration9999',
      expected: [/^error migrations .* newer .* Migration9999\. .*git pull/],
    },
    { name: 'Migration9999Compatible', expected: [] },
  ])('of a later version with $name', async ({ name, expected }) => {
    const variables = await createPrepared();
    await asSuperuserOf(
      variables['DATABASE_URL'] ?? '',
      `insert into migration (name) values ('${name}')`,
    );
    expect(await faultsOf(variables)).toEqual(
      expected.map((pattern) => expect.stringMatching(pattern) as unknown),
    );
  });
});

describe('rights that would be wrong', () => {
  it.each<{ name: string; sql: string; expected: RegExp }>([
    {
      name: 'a table without row-level security',
      sql: 'alter table task no force row level security',
      expected: /not in force on task\. Run: alter table task enable row level security, force/,
    },
    {
      name: 'schema auth open to the API',
      sql: 'grant usage on schema auth to taskward_api',
      expected: /taskward_api can see the schema auth\. Run: revoke all on schema auth from/,
    },
    {
      name: 'a restore without privileges',
      sql: 'revoke all on task from taskward_api',
      expected: /taskward_api has no rights on task\. .*--no-privileges/,
    },
    {
      name: 'tables of somebody else',
      sql: 'alter table task owner to doctor_plain',
      expected:
        /belong to doctor_plain, of which doctor_owner is no member\. .*grant doctor_plain to doctor_owner/,
    },
  ])('$name', async ({ sql, expected }) => {
    const variables = await createPrepared();
    await asSuperuserOf(variables['DATABASE_URL'] ?? '', sql);
    const faults = (await faultsOf(variables)).filter((line) => line.startsWith('error roles'));
    expect(faults).toEqual([expect.stringMatching(expected)]);
  });

  it('a restricted role that row-level security does not apply to', async () => {
    const variables = await createPrepared();
    await asSuperuser(`alter role ${API_ROLE} bypassrls`);
    const faults = await faultsOf(variables);
    await asSuperuser(`alter role ${API_ROLE} nobypassrls`);
    expect(faults[0]).toMatch(
      /^error roles .*not apply to taskward_api\. .*nosuperuser nobypassrls/,
    );
  });
});

describe('logins of their own', () => {
  it('of a role that cannot log in', async () => {
    const variables = await createPrepared();
    await asSuperuser('create role sleeper', `grant ${API_ROLE} to sleeper`);
    const name = new URL(variables['DATABASE_URL'] ?? '').pathname.slice(1);
    const DATABASE_API_URL = server.urlOf('sleeper', name, PASSWORD);
    expect(await faultsOf({ ...variables, DATABASE_API_URL })).toEqual([
      'error roles DATABASE_API_URL: "sleeper" cannot log in. Run: npm run db:roles',
    ]);
  });

  it.each<{ name: string; login: string; password?: string; expected: RegExp }>([
    {
      name: 'with a wrong password',
      login: API_ROLE,
      password: 'wrong',
      expected:
        /DATABASE_API_URL: .* password authentication failed .* Correct DATABASE_API_URL, or run: npm run db:roles, which/,
    },
    {
      name: 'of a role that does not exist',
      login: 'nobody',
      expected: /DATABASE_API_URL: there is no role "nobody"\. Run: npm run db:roles/,
    },
    {
      name: 'of a role without the rights',
      login: 'doctor_plain',
      expected:
        /DATABASE_API_URL: .* none of the rights .* Run: grant taskward_api to "doctor_plain"/,
    },
  ])('$name', async ({ login, password = PASSWORD, expected }) => {
    const variables = await createPrepared();
    const name = new URL(variables['DATABASE_URL'] ?? '').pathname.slice(1);
    const DATABASE_API_URL = server.urlOf(login, name, password);
    expect(await faultsOf({ ...variables, DATABASE_API_URL })).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  it('of a superuser, with its settings attached', async () => {
    const variables = await createPrepared();
    const name = new URL(variables['DATABASE_URL'] ?? '').pathname.slice(1);
    const DATABASE_API_URL = server.urlOf('doctor_super', name, PASSWORD);
    const { DATABASE_IDENTITY_URL: identityUrl } = variables;
    const options = { apiUrl: DATABASE_API_URL, identityUrl, dataDir: server.dataDir };
    const url = Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
    const refused = openDatabase({ ...options, url, log: () => undefined });
    await expect(refused).rejects.toThrow('row-level security may not apply');
    expect(await faultsOf({ ...variables, DATABASE_API_URL })).toEqual([
      expect.stringMatching(/^error roles DATABASE_API_URL: row-level security may not apply/),
    ]);
  });
});
