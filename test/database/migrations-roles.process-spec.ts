import { describe, expect, it } from '@jest/globals';
import { API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE, urlFor } from '../../src/database/connection.js';
import { migrate, MigrationError } from '../../src/database/migrate.js';
import { startApp } from '../support/app.js';
import { withOwner } from '../support/database.js';
import { useOwnServer } from '../support/own-server.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const PASSWORD = 'hunter2 is no password';

/** It has none of our roles yet. */
const server = useOwnServer();
const { asSuperuser } = server;

/** A login role with these attributes, and the URL of a database that it owns. */
async function createOwner(name: string, attributes = ''): Promise<string> {
  await asSuperuser(
    `create role ${name} login password '${PASSWORD}' ${attributes}`,
    `create database ${name} owner ${name}`,
  );
  return urlOf(name, name);
}

const urlOf = (role: string, database: string, password = PASSWORD) =>
  server.urlOf(role, database, password);

const ROLES = [API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE].join(', ');

async function expectToServe(url: string): Promise<void> {
  await migrate(url);
  for (const role of [API_ROLE, IDENTITY_ROLE]) {
    const { rows } = await withOwner(urlFor(url, role), (client) =>
      client.query('select current_user::text as role'),
    );
    expect(rows).toEqual([{ role }]);
  }
  const app = await startApp({ ...SECRET_MODE, DATABASE_URL: url });
  try {
    const [ada, eve] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'eve')];
    const task = await ada.create();
    expect((await ada.list()).data).toEqual([task]);
    expect((await eve.list()).data).toEqual([]);
  } finally {
    await app.close();
  }
}

async function refusalOf(url: string): Promise<string> {
  const [outcome] = await Promise.allSettled([migrate(url)]);
  const error: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
  expect(error).toBeInstanceOf(MigrationError);
  const { message } = error as MigrationError;
  expect(message).not.toContain(PASSWORD);
  expect(message).not.toContain(encodeURIComponent(PASSWORD));
  expect(message).not.toContain('\n');
  return message;
}

// In this order: what the first may not do, the second does for all that follow.
describe('on a server without our roles', () => {
  it('a role without CREATEROLE gets a message with the remedy', async () => {
    const url = await createOwner('too_early');
    expect(await refusalOf(url)).toBe(
      `The database too_early at localhost:5432 cannot be used as "too_early": permission denied to create role. A superuser can help with: create role ${API_ROLE} nologin noinherit; grant ${API_ROLE} to too_early`,
    );
  });

  it('a role with CREATEROLE that owns its database is enough', async () => {
    await expectToServe(await createOwner('creator', 'createrole'));
  });
});

describe('on a server with our roles', () => {
  it('a superuser is enough', async () => {
    await expectToServe(server.url);
  });

  it('a plain owner is enough, once the roles are granted to it', async () => {
    const url = await createOwner('plain');
    await asSuperuser(`grant ${ROLES} to plain`);
    await expectToServe(url);
  });

  it('a plain owner folds the text of all users again, whose rows it may not see', async () => {
    const url = await createOwner('folds');
    await asSuperuser(`grant ${ROLES} to folds`);
    await migrate(url, { to: 'Migration0012UsageCompatible' });
    const insert = `insert into task (owner_id, id, title, tags)
      select $1, gen_random_uuid(), 'x', '{Straße}' from generate_series(1, 30)`;
    const users = ['ada', 'eve', 'joe', 'zoe'];
    await withOwner(urlFor(url, API_ROLE), async (client) => {
      for (const user of users) {
        await client.query(`select set_config('app.user_id', $1, false)`, [user]);
        await client.query(insert, [user]);
      }
    });
    await migrate(url);
    await withOwner(urlFor(url, API_ROLE), async (client) => {
      for (const user of users) {
        await client.query(`select set_config('app.user_id', $1, false)`, [user]);
        const { rows } = await client.query(
          `select cardinality(task_lookup('', '{STRASSE}')) as n`,
        );
        expect(rows).toEqual([{ n: 30 }]);
      }
    });
  });

  it('a plain owner without any granted role gets a message with the remedy', async () => {
    const message = await refusalOf(await createOwner('ungranted'));
    expect(message).toContain(`permission denied to grant role "${API_ROLE}"`);
    expect(message).toContain(`A superuser can help with: grant ${API_ROLE} to ungranted`);
  });

  it('a plain owner with a single granted role gets a message with the remedy', async () => {
    const url = await createOwner('half');
    await asSuperuser(`grant ${API_ROLE} to half`);
    expect(await refusalOf(url)).toContain(`permission denied to grant role "${IDENTITY_ROLE}"`);
  });

  it('a role without rights in the database gets a message with the remedy', async () => {
    await asSuperuser(
      `create role guest login password '${PASSWORD}'`,
      `grant ${ROLES} to guest`,
      'create database of_somebody_else',
    );
    const message = await refusalOf(urlOf('guest', 'of_somebody_else'));
    expect(message).toContain('permission denied for schema public');
    expect(message).not.toMatch(/create table/i);
  });

  it('a role that is above row-level security is never served as the API', async () => {
    const url = await createOwner('above');
    await asSuperuser(`grant ${ROLES} to above`, `alter role ${API_ROLE} bypassrls`);
    try {
      expect(await refusalOf(url)).toContain('row-level security may not apply');
    } finally {
      await asSuperuser(`alter role ${API_ROLE} nobypassrls`);
    }
  });
});

describe('a database that cannot be used is named in one line, without the password:', () => {
  it('a wrong password', async () => {
    const message = await refusalOf(urlOf('creator', 'creator', 'hunter3 is wrong'));
    expect(message).toContain('password authentication failed for user "creator"');
    expect(message).not.toContain('hunter3');
  });

  it('an unknown role', async () => {
    expect(await refusalOf(urlOf('nobody', 'creator'))).toContain('"nobody"');
  });

  it('an unknown database', async () => {
    const message = await refusalOf(urlOf('creator', 'nowhere'));
    expect(message).toContain('database "nowhere" does not exist');
  });

  it.each(['127.0.0.1', 'localhost'])('an unreachable server: %s', async (host) => {
    const message = await refusalOf(
      `postgres://u:${encodeURIComponent(PASSWORD)}@${host}:1/taskward`,
    );
    expect(message).toMatch(new RegExp(`^The database taskward at ${host}:1 .*ECONNREFUSED`));
  });

  it('a host that does not exist', async () => {
    const message = await refusalOf('postgres://u@nowhere.invalid/taskward');
    expect(message).toMatch(/nowhere\.invalid.*(ENOTFOUND|EAI_AGAIN)/);
  });

  it('a server without TLS, if TLS is required', async () => {
    const url = new URL(urlOf('creator', 'creator'));
    url.searchParams.set('sslmode', 'verify-full');
    const message = await refusalOf(url.href);
    expect(message).toContain('does not support SSL');
  });

  it('names that need an encoding in a URL', async () => {
    const message = await refusalOf(urlOf('no body', 'no%20where'));
    expect(message).toContain('The database no where at');
    expect(message).toContain('as "no body"');
  });
});
