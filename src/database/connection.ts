import { type DatabaseLimits, Env } from '../config/index.js';

/** Role of the API's connections: row-level security applies, nothing in schema `auth` is visible. */
export const API_ROLE = 'taskward_api';
/** Role of Better Auth's connections: sees schema `auth` and no task. */
export const IDENTITY_ROLE = 'taskward_identity';
/** Owns the functions that look beyond one user: search and purge. Nothing ever connects as it. */
export const SYSTEM_ROLE = 'taskward_system';
export const ROLES = [API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE];

/** Search path of functions that run with the rights of their owner. */
export const SAFE_SEARCH_PATH = 'pg_catalog, public, pg_temp';

/** The default limits. */
export const DEFAULT_LIMITS: DatabaseLimits = new Env().databaseLimits;
export const CONNECT_TIMEOUT_MS = DEFAULT_LIMITS.connectTimeoutMs;

function withSettings(databaseUrl: string, settings: Readonly<Record<string, string>>): string {
  const url = new URL(databaseUrl);
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  url.searchParams.set(
    'options',
    [url.searchParams.get('options') ?? '', ...options].join(' ').trim(),
  );
  return url.href;
}

/** Settings that the SQL on connections of the restricted roles relies on. */
export function settingsOf(
  role: string,
  searchPath: string,
  { statementTimeoutMs, idleTimeoutMs }: DatabaseLimits,
  { isDistributed = false } = {},
): Readonly<Record<string, string>> {
  return {
    search_path: searchPath,
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    // Prepared statements are written so that one plan is right for all parameters. Citus makes no plan
    // of a function's statement without knowing its parameters.
    ...(role === API_ROLE && { plan_cache_mode: isDistributed ? 'auto' : 'force_generic_plan' }),
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(idleTimeoutMs),
  };
}

/**
 * Returns a URL of the same database for a restricted role: every connection starts as `role`, whatever
 * role the URL names. The URL's own `options` are kept; ours come last and take precedence.
 *
 * @example urlFor(url, API_ROLE)
 */
export function urlFor(
  databaseUrl: string,
  role: string,
  searchPath = 'public',
  limits = DEFAULT_LIMITS,
  mode = { isDistributed: false },
): string {
  return withSettings(databaseUrl, { role, ...settingsOf(role, searchPath, limits, mode) });
}

/** Returns the URL for migrations: in schema `public`, whatever the role's search path. */
export function migrationUrlFor(databaseUrl: string): string {
  return withSettings(databaseUrl, { search_path: 'public' });
}
