import type { Client } from 'pg';
import type { Env } from '../config/index.js';
import {
  adviceFor,
  API_ROLE,
  IDENTITY_ROLE,
  MigrationError,
  SYSTEM_ROLE,
  verifyRole,
} from '../database/index.js';
import { refusedConnection } from './connect.js';
import { error, type Finding, ok, reasonOf, warning } from './finding.js';

interface RoleState {
  readonly role: string;
  readonly exists: boolean;
  readonly isAbove: boolean;
  readonly isMember: boolean;
  /** Whether the current user can create roles and grant them. */
  readonly isCreator: boolean;
  /** Quoted for SQL. */
  readonly user: string;
}

const ROLES = `
  select name as role, granted.oid is not null as exists, quote_ident(current_user) as user,
    coalesce(granted.rolsuper or granted.rolbypassrls, false) as "isAbove",
    coalesce(pg_has_role(granted.oid, 'member'), false) as "isMember",
    (own.rolsuper or own.rolcreaterole) as "isCreator"
  from unnest($1::text[]) with ordinality as names (name, position)
  left join pg_roles granted on granted.rolname = name
  join pg_roles own on own.rolname = current_user
  order by position`;

function faultOf({ role, exists, isAbove, isMember, isCreator, user }: RoleState): Finding[] {
  const grant = `grant ${role} to ${user}`;
  if (!exists && !isCreator) {
    const text = `There is no role ${role}, and ${user} may not create it.`;
    return [
      error('roles', text, `Run as a superuser: create role ${role} nologin noinherit; ${grant}`),
    ];
  }
  if (isAbove) {
    const text = `Row-level security does not apply to ${role}.`;
    return [error('roles', text, `Run as a superuser: alter role ${role} nosuperuser nobypassrls`)];
  }
  if (exists && !isMember && !isCreator)
    return [error('roles', `${user} is not a member of ${role}.`, `Run as a superuser: ${grant}`)];
  return [];
}

/** Rights that the start does not restore: of the owner of the tables, and on them. */
const TABLE_FAULTS = `
  select format('The tables belong to %s, of which %s is no member.', quote_ident(rolname), quote_ident(current_user)) as text,
      format('Run as a superuser: grant %s to %s', quote_ident(rolname), quote_ident(current_user)) as remedy
    from pg_class join pg_roles on pg_roles.oid = relowner
   where pg_class.oid = to_regclass('public.task') and not pg_has_role(relowner, 'usage')
  union all
  select format('Row-level security is not in force on %s.', pg_class.oid::regclass),
      format('Run: alter table %s enable row level security, force row level security', pg_class.oid::regclass)
    from pg_class join pg_attribute on attrelid = pg_class.oid and attname = 'owner_id'
   where relnamespace = to_regnamespace('public') and relkind in ('r', 'p')
     and not (relrowsecurity and relforcerowsecurity)
  union all
  select format('%s has no rights on %s.', role, pg_class.oid::regclass),
      'Restore the backup again, without --no-privileges and --no-acl.'
    from (values ($1, to_regclass('public.task')), ($2, to_regclass('auth."user"'))) as needed (role, oid)
    join pg_class on pg_class.oid = needed.oid
   where not has_table_privilege(role, pg_class.oid, 'select, insert, update, delete')
      or not has_schema_privilege(role, relnamespace, 'usage')
  union all
  select format('%s can see the schema auth.', $1), format('Run: revoke all on schema auth from %s, public', $1)
    from pg_namespace where nspname = 'auth' and has_schema_privilege($1, oid, 'usage')
  union all
  select format('%s may not create tables in this database, which is empty.', quote_ident(current_user)),
      format('Run as a superuser: alter database %I owner to %s', current_database(), quote_ident(current_user))
    where to_regclass('public.migration') is null
      and not (has_database_privilege(current_database(), 'create')
        and has_schema_privilege('public', 'create'))`;

/** Checks that the roles exist, that DATABASE_URL can become them, and that they are restricted. */
async function roleFaults(client: Client, roles: readonly RoleState[]): Promise<Finding[]> {
  const faults = roles.flatMap(faultOf);
  // Functions of privileges reject roles that do not exist.
  if (!roles.every(({ exists }) => exists)) return faults;
  const { rows } = await client.query<{ text: string; remedy: string }>(TABLE_FAULTS, [
    API_ROLE,
    IDENTITY_ROLE,
  ]);
  return [...faults, ...rows.map(({ text, remedy }) => error('roles', text, remedy))];
}

/** Checks that connections really start as the restricted roles. */
async function connectionFaults(url: string, connectTimeoutMs: number): Promise<Finding[]> {
  for (const role of [API_ROLE, IDENTITY_ROLE]) {
    try {
      await verifyRole(url, role, connectTimeoutMs);
    } catch (reason) {
      if (!(reason instanceof MigrationError) && (reason as { code?: string }).code !== '08P01')
        return [refusedConnection('roles', 'DATABASE_URL', url, reason)];
      const text = `Connections of DATABASE_URL cannot start as ${role}: ${reasonOf(reason)}`;
      return [
        error(
          'roles',
          text,
          'Set DATABASE_URL to the address of PostgreSQL itself, not of a pooler.',
        ),
      ];
    }
  }
  return [];
}

/** Returns a warning if connections of requests log in as the owner of the tables. */
async function sharedLoginFaults(env: Env, url: string): Promise<Finding[]> {
  if (env.DATABASE_URL === undefined) return [];
  const missing = {
    ...(env.DATABASE_API_URL === undefined && { DATABASE_API_URL: API_ROLE }),
    ...(env.AUTH_MODE === 'embedded' &&
      env.DATABASE_IDENTITY_URL === undefined && { DATABASE_IDENTITY_URL: IDENTITY_ROLE }),
  };
  if (Object.keys(missing).length === 0) return [];
  const { text, remedy } = await adviceFor(url, missing, env.databaseLimits);
  return [warning('roles', text, remedy)];
}

/** Checks the three roles, their rights, and how connections become them. */
export async function checkRoles(client: Client, env: Env, url: string): Promise<Finding[]> {
  const { rows: roles } = await client.query<RoleState>(ROLES, [
    [API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE],
  ]);
  const faults = await roleFaults(client, roles);
  const areUsable = roles.every(({ exists, isMember }) => exists && isMember);
  if (areUsable) faults.push(...(await connectionFaults(url, env.databaseLimits.connectTimeoutMs)));
  faults.push(...(await sharedLoginFaults(env, url)));
  if (faults.length > 0) return faults;
  if (!areUsable) return [ok('roles', 'The next start creates the roles that are missing.')];
  return [
    ok('roles', `${roles.map(({ role }) => role).join(', ')} are restricted to their rights.`),
  ];
}
