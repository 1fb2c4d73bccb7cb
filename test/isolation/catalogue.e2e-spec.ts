import { describe, expect, it } from '@jest/globals';
import { API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE } from '../../src/database/connection.js';
import { OWNED_BY_CURRENT_USER } from '../../src/database/index.js';
import { useApp } from '../support/app.js';
import { asDatabaseOwner } from '../support/database.js';
import { SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);

/** A table without an owner: the key that signs cursors. */
const WITHOUT_OWNER = ['cursor_key'];

/** Tables that are keyed by a hash, before whose row is found no owner is known: they stay on one node. */
const KEYED_BY_HASH = ['feed', 'personal_token'];

const keyedByHash = `array[${KEYED_BY_HASH.map((name) => `'${name}'`).join()}]`;

/**
 * Lists faulty tables, according to PostgreSQL's catalogue. Only the system role, as which nobody
 * connects, may have a policy that looks beyond the current user.
 */
const FAULTS = `
  with owned as (
    select pg_class.oid, relname::text as name, relnamespace, relkind, relrowsecurity, relforcerowsecurity, attnum
      from pg_class join pg_attribute on attrelid = pg_class.oid
     where attname = 'owner_id' and not attisdropped and relkind in ('r', 'p', 'f', 'm', 'v')
       and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  ), policies as (
    select polrelid, polcmd, polpermissive, polroles,
      pg_get_expr(polqual, polrelid) like '%app.user_id%' as reads_own,
      pg_get_expr(polwithcheck, polrelid) like '%app.user_id%' as writes_own
      from pg_policy
  )
  select name, 'row-level security is not on' as fault from owned where not relrowsecurity
  union all
  select name, 'row-level security is not forced' from owned where not relforcerowsecurity
  union all
  select name, 'no policy for reading' from owned where not exists (
    select from policies where polrelid = oid and polcmd = '*' and polpermissive and reads_own)
  union all
  select name, 'no policy for writing' from owned where not exists (
    select from policies where polrelid = oid and polcmd = '*' and polpermissive and writes_own)
  union all
  select name, 'a policy beyond the user' from owned where exists (
    select from policies where polrelid = oid and polpermissive
       and polroles <> array['${SYSTEM_ROLE}'::regrole::oid] and not coalesce(reads_own and writes_own, false))
  union all
  select name, 'the primary key does not begin with the owner' from owned
   where relkind in ('r', 'p') and name <> all (${keyedByHash}) and not exists (
    select from pg_index where indrelid = oid and indisprimary and indkey[0] = attnum)
  union all
  select name, 'it is not keyed by a hash' from owned where name = any (${keyedByHash}) and not exists (
    select from pg_index join pg_attribute on attrelid = indrelid and pg_attribute.attnum = indkey[0]
     where indrelid = oid and indisprimary and indnatts = 1 and attname = 'hash' and atttypid = 'bytea'::regtype)
  union all
  select name, 'what is unique is so across owners' from owned where exists (
    select from pg_index where indrelid = oid and indisunique and attnum <> all (indkey::int2[])
       and not (indisprimary and name = any (${keyedByHash})))
  union all
  select name, 'the deletion of an account cannot empty it' from owned
   where relkind <> 'r' or relnamespace not in ('public'::regnamespace, 'auth'::regnamespace)
      or not has_table_privilege('${SYSTEM_ROLE}', oid, 'select')
      or not has_table_privilege('${SYSTEM_ROLE}', oid, 'delete')
  union all
  select conrelid::regclass::text, 'a foreign key without the owner' from pg_constraint
    join owned as target on target.oid = confrelid
    left join owned as source on source.oid = conrelid
   where contype = 'f' and not exists (
    select from unnest(conkey, confkey) as pair (from_column, to_column)
     where from_column = source.attnum and to_column = target.attnum)
  union all
  select relname::text, 'the API reaches it, and it has no owner' from pg_class
   where relkind in ('r', 'p', 'f', 'm', 'v') and relnamespace = 'public'::regnamespace
     and oid not in (select oid from owned) and relname <> all (array[${WITHOUT_OWNER.map((name) => `'${name}'`).join()}])
     and (has_any_column_privilege('${API_ROLE}', oid, 'select, insert, update')
       or has_table_privilege('${API_ROLE}', oid, 'delete, truncate'))`;

const faults = () => asDatabaseOwner(app, FAULTS);

it('no table of users’ rows lacks a lock', async () => {
  expect(await faults()).toEqual([]);
  const owned = await asDatabaseOwner(
    app,
    `select attrelid::regclass::text as name from pg_attribute
      where attname = 'owner_id' and attrelid in (select oid from pg_class where relkind = 'r') order by 1`,
  );
  const names = ['feed', 'idempotency_key', 'list', 'personal_token', 'task', 'usage'].map(
    (name) => ({
      name,
    }),
  );
  expect(owned).toEqual(expect.arrayContaining(names));
});

describe('a table is reported when', () => {
  const OWN = OWNED_BY_CURRENT_USER;
  const TABLE = `create table planted (
    owner_id text not null, id uuid not null, other uuid, primary key (owner_id, id));`;
  const ON = 'alter table planted enable row level security;';
  const FORCE = 'alter table planted force row level security;';
  const POLICY = `create policy own on planted using (${OWN}) with check (${OWN});`;
  const GRANT = `grant select, delete on planted to ${SYSTEM_ROLE};`;
  const LOCKED = `${ON} ${FORCE} ${POLICY} ${GRANT}`;

  it('nothing is wrong with it: it is not', async () => {
    await expectFaults(`${TABLE} ${LOCKED}`, []);
  });

  it.each([
    ['row-level security is not on', `${TABLE} ${FORCE} ${POLICY} ${GRANT}`],
    ['row-level security is not forced', `${TABLE} ${ON} ${POLICY} ${GRANT}`],
    [
      'no policy for reading',
      `${TABLE} ${ON} ${FORCE} create policy own on planted using (false) with check (${OWN}); ${GRANT}`,
      'a policy beyond the user',
    ],
    [
      'no policy for writing',
      `${TABLE} ${ON} ${FORCE} create policy own on planted using (${OWN}) with check (true); ${GRANT}`,
      'a policy beyond the user',
    ],
    [
      'a policy beyond the user',
      `${TABLE} ${LOCKED} create policy more on planted for select using (true);`,
    ],
    [
      'the primary key does not begin with the owner',
      `${TABLE.replace('(owner_id, id)', '(id, owner_id)')} ${LOCKED}`,
    ],
    [
      'the primary key does not begin with the owner',
      `${TABLE.replace(', primary key (owner_id, id)', '')} ${LOCKED}`,
    ],
    [
      'the deletion of an account cannot empty it',
      `${TABLE} ${LOCKED} revoke delete on planted from ${SYSTEM_ROLE};`,
    ],
    [
      'what is unique is so across owners',
      `${TABLE} ${LOCKED} create unique index on planted (other);`,
    ],
    [
      'a foreign key without the owner',
      `${TABLE} ${LOCKED}
       create unique index planted_id on task (id) include (owner_id);
       alter table planted add foreign key (other) references task (id);`,
    ],
    [
      'a foreign key without the owner',
      `${TABLE.replace('other uuid', 'other_owner text, other uuid')} ${LOCKED}
       alter table planted add foreign key (other_owner, other) references task (owner_id, id);`,
    ],
    [
      'the API reaches it, and it has no owner',
      `create table planted (id uuid primary key); grant select on planted to ${API_ROLE};`,
    ],
    [
      'the API reaches it, and it has no owner',
      `create table planted (id uuid primary key); grant update (id) on planted to ${API_ROLE};`,
    ],
  ])('%s: %s', async (fault, sql, ...more) => {
    await expectFaults(sql, [fault, ...more]);
  });

  it('its foreign key has the owner: it is not', async () => {
    const key = `alter table planted add foreign key (owner_id, other) references task (owner_id, id);`;
    await expectFaults(`${TABLE} ${LOCKED} ${key}`, []);
  });

  async function expectFaults(sql: string, expected: readonly string[]): Promise<void> {
    await asDatabaseOwner(app, sql);
    try {
      const found = (await faults()).filter(({ name }) => name === 'planted');
      expect(found.map(({ fault }) => fault).sort()).toEqual([...expected].sort());
    } finally {
      await asDatabaseOwner(app, 'drop table planted; drop index if exists planted_id');
    }
  }
});

/**
 * Lists the faults of functions that run with the rights of their owner: a search path that a caller
 * sets, or that finds a caller's temporary tables first, and names of ours without a schema in a body
 * that is resolved only when it runs.
 */
const UNSAFE_FUNCTIONS = `
  with definer as (
    select pg_proc.oid, proname::text as name, proconfig,
      case when prosqlbody is null then prosrc else '' end as body
      from pg_proc
     where prosecdef and pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  ), ours as (
    select relname::text as name from pg_class
     where relnamespace in ('public'::regnamespace, 'auth'::regnamespace) and relkind in ('r', 'p', 'v', 'm', 'S')
    union
    select proname::text from pg_proc where pronamespace in ('public'::regnamespace, 'auth'::regnamespace)
  )
  select name, 'its search path is not safe' as fault from definer
   where proconfig is null
      or not 'search_path=pg_catalog, public, pg_temp' = any (proconfig)
  union all
  select definer.name, 'a name without its schema: ' || ours.name from definer join ours
      on definer.body ~* ('\\m(from|join|into|update|table|truncate)\\s+"?' || ours.name || '\\M')
      or definer.body ~* ('(^|[^.\\w])' || ours.name || '\\s*\\(')
   order by 1, 2`;

const unsafeFunctions = () => asDatabaseOwner(app, UNSAFE_FUNCTIONS);

it('no function with the rights of its owner can be led astray by its caller', async () => {
  expect(await unsafeFunctions()).toEqual([]);
});

describe('a function with the rights of its owner is reported when', () => {
  const BODY = 'as $$ begin return (select count(*) from public.task); end $$';
  const SAFE = 'set search_path = pg_catalog, public, pg_temp';

  it.each([
    { fault: 'its search path is not safe', path: '', body: BODY },
    {
      fault: 'its search path is not safe',
      path: 'set search_path = pg_catalog, public',
      body: BODY,
    },
    { fault: 'its search path is not safe', path: 'set search_path = pg_temp, public', body: BODY },
    {
      fault: 'a name without its schema: task',
      path: SAFE,
      body: BODY.replace('public.task', 'task'),
    },
    {
      fault: 'a name without its schema: purge_trash',
      path: SAFE,
      body: 'as $$ begin return purge_trash(1, 1); end $$',
    },
    { fault: undefined, path: SAFE, body: BODY },
  ])('$fault ($path)', async ({ fault, path, body }) => {
    await asDatabaseOwner(
      app,
      `create function planted() returns bigint language plpgsql security definer ${path} ${body}`,
    );
    try {
      const found = (await unsafeFunctions()).map((row) => row['fault']);
      expect(found).toEqual(fault === undefined ? [] : [fault]);
    } finally {
      await asDatabaseOwner(app, 'drop function planted()');
    }
  });
});

it('only the owner can create temporary tables', async () => {
  for (const role of [API_ROLE, IDENTITY_ROLE]) {
    const may = `select has_database_privilege('${role}', current_database(), 'temporary') as may`;
    expect(await asDatabaseOwner(app, may)).toEqual([{ may: false }]);
  }
});
