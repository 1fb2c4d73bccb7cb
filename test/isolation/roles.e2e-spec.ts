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
    [API_ROLE, 'select * from auth."user"'],
    [API_ROLE, 'select * from auth.session'],
    [API_ROLE, 'select * from auth.jwks'],
    [API_ROLE, 'create table public.mine ()'],
    [API_ROLE, 'create schema mine'],
    [API_ROLE, 'drop table task'],
    [API_ROLE, 'alter table task disable row level security'],
    [API_ROLE, 'drop policy task_owner on task'],
    [API_ROLE, 'truncate task'],
    [API_ROLE, 'select * from public.migration'],
    [API_ROLE, `create role mine`],
    [API_ROLE, 'delete from cursor_key'],
    [IDENTITY_ROLE, `select * from public.task_matches('', '{}')`],
    [IDENTITY_ROLE, `select public.task_lookup('', '{}')`],
    [IDENTITY_ROLE, 'select public.purge_trash(1, 1)'],
    [SYSTEM_ROLE, 'select * from auth.session'],
    [SYSTEM_ROLE, 'select * from public.cursor_key'],
    [
      SYSTEM_ROLE,
      "insert into public.task (owner_id, id, title) values ('a', gen_random_uuid(), 'x')",
    ],
    [SYSTEM_ROLE, 'create table public.mine ()'],
    [IDENTITY_ROLE, 'select * from public.task'],
    [
      IDENTITY_ROLE,
      "insert into public.task (owner_id, id, title) values ('a', gen_random_uuid(), 'x')",
    ],
    [IDENTITY_ROLE, 'select * from public.migration'],
    [IDENTITY_ROLE, 'create table auth.mine ()'],
    [IDENTITY_ROLE, 'create table public.mine ()'],
    [IDENTITY_ROLE, 'drop table auth.session'],
    [IDENTITY_ROLE, 'delete from public.task'],
    [IDENTITY_ROLE, 'delete from public.idempotency_key'],
    [IDENTITY_ROLE, "insert into auth.deleted_user (id) values ('ada')"],
    [IDENTITY_ROLE, 'drop trigger user_deleted on auth."user"'],
    [API_ROLE, "select auth.erase_deleted_user('ada')"],
    [API_ROLE, 'select * from auth.deleted_user'],
    [API_ROLE, 'select * from auth.revoked_session'],
    [SYSTEM_ROLE, 'select * from auth."user"'],
    [SYSTEM_ROLE, 'delete from auth.deleted_user'],
    [SYSTEM_ROLE, 'create table auth.mine ()'],
  ])('%s may not: %s', async (role, sql) => {
    // 42501: insufficient privilege, or not the owner
    expect(await as(role, sql)).toBe('42501');
  });

  it.each([
    [API_ROLE, 0],
    [IDENTITY_ROLE, 0],
    // Search, the purges and their clock, and what goes with an account; of the purges and of the
    // erasure two each, as the previous version calls those of before.
    [SYSTEM_ROLE, 13],
  ])('%s is above nothing and owns nothing but %d functions', async (role, functions) => {
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
        rolcanlogin: false,
        tables: 0,
        schemas: 0,
        functions,
        memberships: 0,
      },
    ]);
  });

  it('the API connects as its own', async () => {
    const connection = app.nest.get(EntityManager).getConnection();
    const [who] = await connection.execute<object[]>(
      `select current_user::text as role, current_setting('TimeZone') as zone,
         current_setting('search_path') as path, current_setting('statement_timeout') as timeout`,
    );
    expect(who).toEqual({ role: API_ROLE, zone: 'UTC', path: 'public', timeout: '10s' });
  });
});
