import { EntityManager } from '@mikro-orm/postgresql';
import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE, urlFor } from '../../src/database/connection.js';
import { useApp } from '../support/app.js';
import { asDatabaseOwner } from '../support/database.js';
import { SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);

describe('the roles', () => {
  async function as(role: string, sql: string): Promise<unknown> {
    const client = new Client({ connectionString: urlFor(app.databaseUrl, role) });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await client.end();
    }
  }

  it.each([
    { role: API_ROLE, sql: 'select * from auth."user"' },
    { role: API_ROLE, sql: 'select * from auth.session' },
    { role: API_ROLE, sql: 'select * from auth.jwks' },
    { role: API_ROLE, sql: 'create table public.mine ()' },
    { role: API_ROLE, sql: 'create schema mine' },
    { role: API_ROLE, sql: 'drop table task' },
    { role: API_ROLE, sql: 'alter table task disable row level security' },
    { role: API_ROLE, sql: 'drop policy task_owner on task' },
    { role: API_ROLE, sql: 'truncate task' },
    { role: API_ROLE, sql: 'select * from public.migration' },
    { role: API_ROLE, sql: `create role mine` },
    { role: API_ROLE, sql: 'delete from cursor_key' },
    { role: API_ROLE, sql: "update personal_token set scopes = '{tasks:write}'" },
    { role: IDENTITY_ROLE, sql: 'select * from public.personal_token' },
    { role: IDENTITY_ROLE, sql: "select public.find_personal_token('')" },
    { role: IDENTITY_ROLE, sql: "select public.record_personal_token_use('{}', now()::date)" },
    { role: SYSTEM_ROLE, sql: "update personal_token set scopes = '{tasks:write}'" },
    { role: API_ROLE, sql: 'update feed set list_id = null' },
    { role: SYSTEM_ROLE, sql: 'update feed set list_id = null' },
    { role: IDENTITY_ROLE, sql: 'select * from public.feed' },
    { role: IDENTITY_ROLE, sql: "select public.find_feed('')" },
    { role: IDENTITY_ROLE, sql: `select public.task_lookup('', '{}')` },
    { role: IDENTITY_ROLE, sql: 'select public.purge_trash(1, 1, now())' },
    { role: IDENTITY_ROLE, sql: 'select public.purge_changes(1, 1, now())' },
    { role: IDENTITY_ROLE, sql: `select public.act_for('ada')` },
    { role: SYSTEM_ROLE, sql: 'select * from auth.session' },
    { role: SYSTEM_ROLE, sql: 'select * from public.cursor_key' },
    {
      role: SYSTEM_ROLE,
      sql: "insert into public.task (owner_id, id, title) values ('a', gen_random_uuid(), 'x')",
    },
    { role: SYSTEM_ROLE, sql: 'create table public.mine ()' },
    { role: IDENTITY_ROLE, sql: 'select * from public.task' },
    {
      role: IDENTITY_ROLE,
      sql: "insert into public.task (owner_id, id, title) values ('a', gen_random_uuid(), 'x')",
    },
    { role: IDENTITY_ROLE, sql: 'select * from public.migration' },
    { role: IDENTITY_ROLE, sql: 'create table auth.mine ()' },
    { role: IDENTITY_ROLE, sql: 'create table public.mine ()' },
    { role: IDENTITY_ROLE, sql: 'drop table auth.session' },
    { role: IDENTITY_ROLE, sql: 'delete from public.task' },
    { role: IDENTITY_ROLE, sql: 'delete from public.idempotency_key' },
    { role: IDENTITY_ROLE, sql: "insert into auth.deleted_user (id) values ('ada')" },
    { role: IDENTITY_ROLE, sql: 'drop trigger user_deleted on auth."user"' },
    { role: API_ROLE, sql: "select auth.erase_deleted_user('ada')" },
    { role: API_ROLE, sql: 'select * from auth.deleted_user' },
    { role: API_ROLE, sql: 'select * from auth.revoked_session' },
    { role: SYSTEM_ROLE, sql: 'select * from auth."user"' },
    { role: SYSTEM_ROLE, sql: 'delete from auth.deleted_user' },
    { role: SYSTEM_ROLE, sql: 'create table auth.mine ()' },
  ])('$role may not: $sql', async ({ role, sql }) => {
    // 42501: insufficient privilege, or not the owner
    expect(await as(role, sql)).toBe('42501');
  });

  it.each([
    { role: API_ROLE, functions: 0 },
    { role: IDENTITY_ROLE, functions: 0 },
    // Search, the purges and their clock, the counts, the numbers of the logs, after a restore too, the user
    // that a function acts for, personal tokens, feeds, and what goes with an account: two of the erasure.
    { role: SYSTEM_ROLE, functions: 18 },
  ])(
    '$role is above nothing and owns nothing but $functions functions',
    async ({ role, functions }) => {
      const rows = await asDatabaseOwner(
        app,
        `
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin,
        (select count(*)::int from pg_class where relowner = pg_roles.oid) as tables,
        (select count(*)::int from pg_namespace where nspowner = pg_roles.oid) as schemas,
        (select count(*)::int from pg_proc where proowner = pg_roles.oid) as functions,
        (select count(*)::int from pg_auth_members where member = pg_roles.oid) as memberships
      from pg_roles where rolname = '${role}'`,
      );
      expect(rows).toEqual([
        {
          rolsuper: false,
          rolbypassrls: false,
          rolcreaterole: false,
          rolcreatedb: false,
          rolreplication: false,
          // Those that `TEST_POOLER` lets log in belong to the whole server.
          rolcanlogin: role !== SYSTEM_ROLE && process.env['TEST_POOLER'] !== undefined,
          tables: 0,
          schemas: 0,
          functions,
          memberships: 0,
        },
      ]);
    },
  );

  it('the API connects as its own', async () => {
    const connection = app.nest.get(EntityManager).getConnection();
    const [who] = await connection.execute<object[]>(
      `select current_user::text as role, current_setting('TimeZone') as zone,
         current_setting('search_path') as path, current_setting('statement_timeout') as timeout`,
    );
    expect(who).toEqual({ role: API_ROLE, zone: 'UTC', path: 'public', timeout: '10s' });
  });
});
