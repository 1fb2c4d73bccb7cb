import type { DatabaseLimits } from '../config/index.js';
import { API_ROLE, IDENTITY_ROLE, urlFor } from './connection.js';

/** Complete connection strings for each use of the database. */
export interface DatabaseUrls {
  /** For requests of the API. */
  readonly api: string;
  /** For Better Auth. */
  readonly identity: string;
  /** For LISTEN and other uses of a session by Better Auth: never through a pooler. */
  readonly session: string;
  /** The same as the API's role. */
  readonly apiSession: string;
}

/** Returns URLs derived from one: each connection switches to its restricted role as it starts. */
export function sharedUrls(
  databaseUrl: string,
  limits: DatabaseLimits,
  mode?: { readonly isDistributed: boolean },
): DatabaseUrls {
  const identity = urlFor(databaseUrl, IDENTITY_ROLE, 'auth', limits);
  const api = urlFor(databaseUrl, API_ROLE, 'public', limits, mode);
  return { api, identity, session: identity, apiSession: api };
}
