import { describe, expect, it } from '@jest/globals';
import { migrate } from '../../src/database/migrate.js';
import { faultsOf as schemaFaultsOf, ON_ONE_NODE } from '../../src/database/schema-faults.js';
import { createDatabase, withOwner } from '../support/database.js';
import { OWNED_TABLES } from '../support/statement-faults.js';

const faultsOf = (url: string) => withOwner(url, schemaFaultsOf);

/** The version before depends on what this foreign key does; a later migration replaces it. */
const PENDING = { name: 'task_list_fkey', fault: 'a foreign key that sets null or a default' };

it('the tables of users’ rows can be distributed by their owner', async () => {
  expect(await faultsOf(await createDatabase())).toEqual([PENDING]);
});

it('the statements of each of them are checked', async () => {
  const { rows } = await withOwner(await createDatabase(), (client) =>
    client.query<{ name: string }>(
      `select relname::text as name from pg_class join pg_attribute on attrelid = pg_class.oid
        where attname = 'owner_id' and not attisdropped and relkind in ('r', 'p')
          and relnamespace = 'public'::regnamespace and relname not in ${ON_ONE_NODE} order by 1`,
    ),
  );
  expect(rows.map(({ name }) => name)).toEqual(OWNED_TABLES);
});

it('before the migration that made it so they could not', async () => {
  const url = await createDatabase({ empty: true });
  await migrate(url, { to: 'Migration0020PersonalTokensCompatible' });
  const subselect = 'a policy with a subselect';
  const depends = 'a function that depends on a table';
  const sets = "set_config() in a function for users' rows";
  const faults = await faultsOf(url);
  expect(new Set(faults)).toEqual(
    new Set([
      PENDING,
      ...['idempotency_key', 'list', 'task', 'usage'].map((table) => ({
        name: `${table}_owner`,
        fault: subselect,
      })),
      ...[
        'next_usage_owner(text)',
        'purge_idempotency_keys(integer)',
        'purge_trash(integer,integer)',
        'renumber_changes()',
        'task_matches(text,text[])',
        'task_matches_are_many(text,text[])',
      ].map((name) => ({ name, fault: depends })),
      { name: 'auth.erase_deleted_user(text,integer)', fault: sets },
    ]),
  );
});

describe('a table is reported for', () => {
  const TABLE =
    'create table planted (owner_id text, id uuid, other uuid, primary key (owner_id, id))';
  const FUNCTION = 'create function planted_rows() returns bigint language';

  it.each([
    {
      name: 'planted_id_key',
      fault: 'a key without the owner',
      sql: 'alter table planted add unique (id)',
    },
    {
      name: 'planted_index',
      fault: 'a key without the owner',
      sql: 'create unique index planted_index on planted (other) where id is not null',
    },
    {
      name: 'planted_other_fkey',
      fault: 'a foreign key without the owner',
      sql: `create unique index planted_task on task (id, owner_id);
        alter table task add constraint planted_task_key unique using index planted_task;
        alter table planted add column owner text, add constraint planted_other_fkey
          foreign key (other, owner) references task (id, owner_id)`,
    },
    {
      name: 'planted_owner_id_fkey',
      fault: 'a foreign key without the owner',
      sql: 'alter table planted add foreign key (owner_id) references auth."user" (id)',
    },
    {
      name: 'planted_owner_id_other_fkey',
      fault: 'a foreign key that sets null or a default',
      sql: `alter table planted add foreign key (owner_id, other)
        references list (owner_id, id) on delete set null (other)`,
    },
    {
      name: 'planted_trigger',
      fault: 'a trigger',
      sql: `create trigger planted_trigger after insert on planted
        for each row execute function auth.revoke_session()`,
    },
    {
      name: 'planted_policy',
      fault: 'a policy with a subselect',
      sql: 'create policy planted_policy on planted with check (owner_id = (select current_user))',
    },
    {
      name: 'planted_rows()',
      fault: 'a function that depends on a table',
      sql: `${FUNCTION} sql begin atomic select count(*) from planted; end`,
    },
    {
      name: 'planted_rows()',
      fault: "set_config() in a function for users' rows",
      sql: `${FUNCTION} plpgsql as $$ begin
        perform set_config('app.user_id', 'ada', true);
        return (select count(*) from planted); end $$`,
    },
  ])('$fault: $name', async ({ name, fault, sql }) => {
    const url = await createDatabase();
    await withOwner(url, (client) => client.query(`${TABLE}; ${sql}`));
    expect(await faultsOf(url)).toEqual(expect.arrayContaining([{ name, fault }]));
    expect(await faultsOf(url)).toHaveLength(2);
  });

  it('nothing, when all that it has names the owner', async () => {
    const url = await createDatabase();
    await withOwner(url, (client) =>
      client.query(`${TABLE};
        alter table planted add unique (owner_id, other),
          add foreign key (owner_id, other) references task (owner_id, id) on delete cascade;
        ${FUNCTION} plpgsql as $$ begin
          perform act_for('ada'); return (select count(*) from planted); end $$`),
    );
    expect(await faultsOf(url)).toEqual([PENDING]);
  });
});
