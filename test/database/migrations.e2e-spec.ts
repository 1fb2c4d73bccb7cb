import { MikroORM } from '@mikro-orm/postgresql';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { API_ROLE, IDENTITY_ROLE, urlFor } from '../../src/database/connection.js';
import { migrate, openMigrator } from '../../src/database/migrate.js';
import { migrations } from '../../src/database/migrations/index.js';
import { Change, ChangeCounter } from '../../src/changes/change.entity.js';
import { List } from '../../src/lists/list.entity.js';
import { Task } from '../../src/tasks/task.entity.js';
import { Feed } from '../../src/feeds/feed.entity.js';
import { PersonalToken } from '../../src/tokens/personal-token.entity.js';
import { createDatabase, withOwner } from '../support/database.js';

/** Everything that a migration could make, as text that is the same for the same schema. */
async function schemaOf(url: string): Promise<string[]> {
  const { rows } = await withOwner(url, (client) =>
    client.query<{ line: string }>(`
      select 'schema ' || nspname as line from pg_namespace
       where nspname !~ '^pg_' and nspname not in ('public', 'information_schema')
      union all select format('column %s.%s %s %s %s', table_schema, table_name, column_name, data_type, column_default)
        from information_schema.columns where table_schema in ('public', 'auth')
      union all select format('index %s', indexdef) from pg_indexes where schemaname in ('public', 'auth')
      union all select format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
        from pg_constraint where connamespace in (select oid from pg_namespace where nspname in ('public', 'auth'))
      union all select format('function %s owned by %s: %s', oid::regprocedure, proowner::regrole, pg_get_functiondef(oid))
        from pg_proc where pronamespace in ('public'::regnamespace, to_regnamespace('auth'))
      union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
      union all select format('right of %s to %s', grantee::regrole, pg_proc.oid::regprocedure)
        from pg_proc, aclexplode(proacl) where pronamespace in ('public'::regnamespace, to_regnamespace('auth'))
      union all select format('policy %s on %s: %s / %s', policyname, tablename, qual, with_check) from pg_policies
      union all select format('grant %s on %s.%s to %s', privilege_type, table_schema, table_name, grantee)
        from information_schema.role_table_grants where grantee like 'taskward%'
      union all select format('usage of %s by %s', nspname, grantee::regrole) from pg_namespace, aclexplode(nspacl)
       where nspname in ('public', 'auth') and grantee::regrole::text like 'taskward%'
      order by 1`),
  );
  return rows.map(({ line }) => line);
}

const isBookkeeping = (line: string) =>
  /\bpublic\.migration\b|\bon migration:|\bmigration_pkey\b/.test(line);

async function down(url: string): Promise<void> {
  const orm = await openMigrator(url);
  try {
    await orm.migrator.down({ to: 0 });
  } finally {
    await orm.close();
  }
}

async function executed(url: string): Promise<string[]> {
  const { rows } = await withOwner(url, (client) =>
    client.query<{ name: string }>('select name from migration order by id'),
  );
  return rows.map(({ name }) => name);
}

describe('the migrations', () => {
  let url: string;
  let schema: string[];

  beforeAll(async () => {
    url = await createDatabase({ empty: true });
    await migrate(url);
    schema = await schemaOf(url);
  });

  it('bring an empty database up to date', async () => {
    expect(await executed(url)).toHaveLength(migrations.length);
    expect(schema).toContain('schema auth');
    expect(schema).toContain(`grant SELECT on public.task to ${API_ROLE}`);
  });

  it('do nothing the second time', async () => {
    await migrate(url);
    expect(await executed(url)).toHaveLength(migrations.length);
    expect(await schemaOf(url)).toEqual(schema);
  });

  it('go down to nothing, and up to the same again', async () => {
    await down(url);
    expect((await schemaOf(url)).filter((line) => !isBookkeeping(line))).toEqual([]);
    await migrate(url);
    expect(await schemaOf(url)).toEqual(schema);
  });

  it('go down one by one, and each leaves what was there before it', async () => {
    const states = [await schemaOf(url)];
    const orm = await openMigrator(url);
    try {
      for (const _ of migrations) {
        await orm.migrator.down();
        states.unshift(await schemaOf(url));
      }
      for (const state of states.slice(1)) {
        await orm.migrator.up({ to: (await orm.migrator.getPending())[0]?.name ?? '' });
        expect(await schemaOf(url)).toEqual(state);
      }
    } finally {
      await orm.close();
    }
  });

  it('keep every row when they run over a database in use', async () => {
    await withOwner(url, (client) =>
      client.query(`insert into task (owner_id, id, title) values ('ada', gen_random_uuid(), 'x')`),
    );
    await migrate(url);
    const { rowCount } = await withOwner(url, (client) => client.query('select from task'));
    expect(rowCount).toBe(1);
  });

  it('run once when several instances start at the same time on an empty database', async () => {
    const empty = await createDatabase({ empty: true });
    await Promise.all([1, 2, 3, 4, 5].map(() => migrate(empty)));
    expect(await executed(empty)).toHaveLength(migrations.length);
    expect(await schemaOf(empty)).toEqual(schema);
  });

  it('run on several databases of a server at the same time, whose roles are shared', async () => {
    const databases = await Promise.all([1, 2, 3].map(() => createDatabase({ empty: true })));
    await Promise.all(databases.map((database) => migrate(database)));
    for (const database of databases) expect(await schemaOf(database)).toEqual(schema);
  });

  it('leave nothing half done when one of them fails', async () => {
    const occupied = await createDatabase({ empty: true });
    await withOwner(occupied, (client) => client.query('create schema auth'));
    await expect(migrate(occupied)).rejects.toThrow('schema "auth" already exists');
    const left = (await schemaOf(occupied)).filter((line) => line.includes('auth.'));
    expect(left).toEqual([]);
    await withOwner(occupied, (client) => client.query('drop schema auth'));
    await migrate(occupied);
    expect(await schemaOf(occupied)).toEqual(schema);
  });

  it('refuse a schema that a newer version made, and change nothing', async () => {
    const newer = await createDatabase();
    await withOwner(newer, (client) =>
      client.query(
        `insert into migration (name) values ('Migration9998Later'), ('Migration9999Last')`,
      ),
    );
    const before = await schemaOf(newer);
    await expect(migrate(newer)).rejects.toThrow(
      /its schema is newer than Taskward \S+, which does not know Migration9998Later, Migration9999Last: start the version that made it, or a later one$/,
    );
    expect(await schemaOf(newer)).toEqual(before);
  });

  it('serve on a newer schema whose migrations are marked as compatible', async () => {
    const newer = await createDatabase();
    const add = (name: string) =>
      withOwner(newer, (client) =>
        client.query('insert into migration (name) values ($1)', [name]),
      );
    await add('Migration9998LaterCompatible');
    await migrate(newer);
    expect(await executed(newer)).toHaveLength(migrations.length + 1);
    await add('Migration9999CompatibleNot');
    await expect(migrate(newer)).rejects.toThrow('does not know Migration9999CompatibleNot:');
  });

  it('refuse a database that cannot hold every text', async () => {
    const latin = new URL(await createDatabase({ empty: true }));
    const name = latin.pathname.slice(1);
    await withOwner(url, async (client) => {
      await client.query(`drop database ${name}`);
      await client.query(
        `create database ${name} template template0 encoding 'LATIN1' locale_provider libc locale 'C'`,
      );
    });
    await expect(migrate(latin.href)).rejects.toThrow('its encoding must be UTF8, not LATIN1');
  });

  it('hold no lock, and no connection, when they are done', async () => {
    const { rows } = await withOwner(url, (client) =>
      client.query(
        `select pid from pg_stat_activity where datname = current_database()
            and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      ),
    );
    expect(rows).toEqual([]);
  });
});

describe('the entity', () => {
  async function differences(prepare = ''): Promise<string> {
    const url = await createDatabase();
    if (prepare !== '') await withOwner(url, (client) => client.query(prepare));
    const orm = await MikroORM.init({
      entities: [Task, List, Change, ChangeCounter, PersonalToken, Feed],
      clientUrl: url,
      driverOptions: { connectionString: url },
      schemaGenerator: {
        ignoreSchema: ['auth'],
        ignoreRoutines: true,
        // These are read and written by SQL of their own.
        skipTables: ['migration', 'cursor_key', 'idempotency_key', 'usage'],
      },
    });
    try {
      const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false });
      // Entities name other rows by their id alone; the foreign keys of migrations have the owner.
      const ownSql = sql.replaceAll(
        /alter table "task" drop constraint "task_(list|parent)_fkey";\n/g,
        '',
      );
      // Nor do they have triggers.
      return ownSql.replaceAll(/\n?drop (trigger|function) if exists "personal_token_.*;\n/g, '');
    } finally {
      await orm.close();
    }
  }

  it('is what the migrations make', async () => {
    expect(await differences()).toBe('');
  });

  it.each([
    { name: 'a column', prepare: 'alter table task drop column version', expected: 'version' },
    {
      name: 'a default',
      prepare: 'alter table task alter priority drop default',
      expected: 'priority',
    },
    {
      name: 'a check',
      prepare: 'alter table task drop constraint task_due_check',
      expected: 'task_due_check',
    },
    {
      name: 'the index of lists',
      prepare: 'drop index task_owner_created_index',
      expected: 'task_owner_created_index',
    },
    {
      name: 'row-level security',
      prepare: 'alter table task no force row level security',
      expected: 'row level security',
    },
    { name: 'the policy', prepare: 'drop policy task_owner on task', expected: 'task_owner' },
    {
      name: 'the index of search',
      prepare: 'drop index task_terms_index',
      expected: 'task_terms_index',
    },
    {
      name: 'what is searched',
      prepare: 'alter table task drop column terms cascade',
      expected: 'task_terms(',
    },
    {
      name: 'the policy of tokens',
      prepare: 'drop policy personal_token_owner on personal_token',
      expected: 'personal_token_owner',
    },
    {
      name: 'the policy of feeds',
      prepare: 'drop policy feed_owner on feed',
      expected: 'feed_owner',
    },
    {
      name: 'the policy of the purge',
      prepare: 'drop policy task_purge on task',
      expected: 'task_purge',
    },
  ])('would differ without $name', async ({ prepare, expected }) => {
    expect(await differences(prepare)).toContain(expected);
  });
});

describe('the URL of the lesser roles', () => {
  const currentUser = async (url: string) => {
    const { rows } = await withOwner(url, (client) =>
      client.query<{ role: string; work_mem: string; path: string }>(
        `select current_user::text as role, current_setting('work_mem') as work_mem,
           current_setting('search_path') as path`,
      ),
    );
    return rows[0];
  };

  it.each([
    { name: 'a setting of its own', options: '-c work_mem=5MB' },
    { name: 'a role of its own', options: '-c work_mem=5MB -c role=none' },
    { name: 'a role in another spelling', options: '-c work_mem=5MB --role=none' },
    { name: 'a search path', options: '-c work_mem=5MB -c search_path=auth' },
    { name: 'row_security off', options: '-c row_security=off -c work_mem=5MB' },
  ])('keeps $name in the URL’s options, and cannot be undone by them', async ({ options }) => {
    const url = new URL(await createDatabase());
    url.searchParams.set('options', options);
    const expected = { work_mem: '5MB', path: 'public' };
    expect(await currentUser(urlFor(url.href, API_ROLE))).toEqual({ ...expected, role: API_ROLE });
    await migrate(url.href);
  });

  it('keeps the other parameters', () => {
    const url = new URL(
      urlFor('postgres://u:p%40ss@h:1/d?sslmode=require&application_name=a%20b', API_ROLE),
    );
    expect(url.password).toBe('p%40ss');
    expect(url.searchParams.get('sslmode')).toBe('require');
    expect(url.searchParams.get('application_name')).toBe('a b');
  });

  it.each([API_ROLE, IDENTITY_ROLE])('connects as %s', async (role) => {
    expect(await currentUser(urlFor(await createDatabase(), role))).toMatchObject({ role });
  });
});
