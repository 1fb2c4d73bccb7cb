import { countBy } from './count-by.js';
import { Counter, Gauge } from './prom-client.js';
import { registry } from './registry.js';

/** Counts a request that was refused because others of its user or client hold too much. */
export const countRefused = countBy(
  {
    name: 'taskward_refused_total',
    help: 'Requests refused because others of the same user, or client, hold too much at a time.',
  },
  'limit',
  [
    'database_connections',
    'large_bodies',
    'unread_responses',
    'streams',
    'exports',
    'password_hashes',
  ],
);

/** Tokens of requests: found among the verified ones, and verified in full. Plain numbers are cheap. */
export const tokenCache = { hits: 0, misses: 0 };

const tokens = new Counter({
  name: 'taskward_token_cache_total',
  help: 'Requests whose token was found among the verified ones, and tokens verified in full.',
  labelNames: ['result'],
  registers: [registry],
  collect() {
    tokens.reset();
    tokens.inc({ result: 'hit' }, tokenCache.hits);
    tokens.inc({ result: 'miss' }, tokenCache.misses);
  },
});

/** Counts a fetch of the keys that verify tokens. */
export const countKeySetFetch = countBy(
  { name: 'taskward_key_set_fetches_total', help: 'Fetches of the keys that verify tokens.' },
  'result',
  ['success', 'failure'],
);

/** Counts a request that was refused with 429 `rate_limited`, or as Better Auth refuses it. */
export const countRateLimited = countBy(
  { name: 'taskward_rate_limited_total', help: 'Requests refused by a rate limit.' },
  'limit',
  ['user', 'network', 'account_route', 'password_guesses'],
);

/** Counts a request whose credentials were refused. */
export const countAuthRefused = countBy(
  {
    name: 'taskward_auth_refused_total',
    help: 'Requests refused for their token, or for a password or link of an account.',
  },
  'reason',
  [
    ...(['missing_token', 'invalid_token', 'expired_token', 'session_ended'] as const),
    ...(['insufficient_scope', 'sign_in_refused', 'sign_up_refused'] as const),
    ...(['password_change_refused', 'password_reset_refused'] as const),
    'account_deletion_refused',
  ],
);

/** Rows that a purge deletes. */
export type PurgedRows = Parameters<typeof countPurged>[0];

/** Counts rows that were deleted because they had expired. */
export const countPurged = countBy(
  { name: 'taskward_purged_total', help: 'Rows that were deleted because they had expired.' },
  'rows',
  [
    ...(['deleted_tasks_and_lists', 'entries_of_change_logs', 'idempotency_keys'] as const),
    ...(['remains_of_accounts_and_sessions', 'rows_of_deleted_accounts'] as const),
  ],
);

/** Counts the responses that were repeated for an `Idempotency-Key`. */
export const idempotentReplays = new Counter({
  name: 'taskward_idempotent_replays_total',
  help: 'Responses that were repeated for an Idempotency-Key.',
  registers: [registry],
});

/** Counts a write that was refused with 403 `quota_exceeded`. */
export const countQuotaRefused = countBy(
  { name: 'taskward_quota_refused_total', help: 'Writes refused because of a quota.' },
  'quota',
  ['tasks', 'bytes', 'idempotency_keys', 'personal_tokens', 'feeds'],
);

/** Counts the streams of changes that are open. */
export const streams = new Gauge({
  name: 'taskward_streams',
  help: 'Open streams of changes.',
  registers: [registry],
});
