import type { DatabaseLimits } from '../config/index.js';
import { API_ROLE, IDENTITY_ROLE, urlFor } from './connection.js';

/** Connection strings for each use of the database, complete as they are. */
export interface DatabaseUrls {
  /** Requests for tasks. */
  readonly api: string;
  /** Better Auth. */
  readonly identity: string;
  /** LISTEN, and what else needs a session of its own: never through a pooler. */
  readonly session: string;
}

/** Everything through one URL: each connection becomes the lesser role as it starts. */
export function sharedUrls(databaseUrl: string, limits: DatabaseLimits): DatabaseUrls {
  const identity = urlFor(databaseUrl, IDENTITY_ROLE, 'auth', limits);
  return { api: urlFor(databaseUrl, API_ROLE, 'public', limits), identity, session: identity };
}
