import { type DatabaseLimits, Env } from '../config/index.js';

/** Role of the API's connections: row-level security applies, nothing in schema `auth` is visible. */
export const API_ROLE = 'taskward_api';
/** Role of Better Auth's connections: sees schema `auth` and no task. */
export const IDENTITY_ROLE = 'taskward_identity';
/** Owns the functions that look beyond one user: search and purge. Nothing ever connects as it. */
export const SYSTEM_ROLE = 'taskward_system';

/** Search path of functions that run with the rights of their owner. */
export const SAFE_SEARCH_PATH = 'pg_catalog, public, pg_temp';

/** Limits where none are given. */
export const DEFAULT_LIMITS: DatabaseLimits = new Env().databaseLimits;
export const CONNECT_TIMEOUT = DEFAULT_LIMITS.connectTimeout;

function withSettings(databaseUrl: string, settings: Readonly<Record<string, string>>): string {
  const url = new URL(databaseUrl);
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  url.searchParams.set(
    'options',
    [url.searchParams.get('options') ?? '', ...options].join(' ').trim(),
  );
  return url.href;
}

/** Settings that the SQL of the lesser roles' connections relies on. */
export function settingsOf(
  role: string,
  searchPath: string,
  { statementTimeout, idleTimeout }: DatabaseLimits,
): Readonly<Record<string, string>> {
  return {
    search_path: searchPath,
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    // Prepared statements are written so that one plan serves any parameters.
    ...(role === API_ROLE && { plan_cache_mode: 'force_generic_plan' }),
    statement_timeout: String(statementTimeout),
    idle_in_transaction_session_timeout: String(idleTimeout),
  };
}

/**
 * The same database for a role that can do less: every connection made with this URL starts as
 * `role`, whichever role the URL names. The URL's own `options` stay, ours come last and win.
 *
 * @example urlFor(url, API_ROLE)
 */
export function urlFor(
  databaseUrl: string,
  role: string,
  searchPath = 'public',
  limits = DEFAULT_LIMITS,
): string {
  return withSettings(databaseUrl, { role, ...settingsOf(role, searchPath, limits) });
}

/** The same database for migrations: in schema `public`, whatever search path the role has. */
export function migrationUrlFor(databaseUrl: string): string {
  return withSettings(databaseUrl, { search_path: 'public' });
}
