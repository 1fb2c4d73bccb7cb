import { sql } from 'kysely';
import type { OwnerId } from '../database/index.js';
import { countQuotaRefused } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import {
  addToUsage,
  type Placeholders,
  ScopedRepository,
  TRANSACTION_SLOT,
} from '../resource/index.js';
import type { IdempotencyKey } from './idempotency-key.entity.js';

type ResponseHeaders = Readonly<Record<string, string | string[] | number>>;

/** A response as it was first sent. */
export interface FirstResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** JSON, to the byte. */
  readonly body: string;
}

/** A response that is kept, and the digest, in hex, of the request that it was sent for. */
export interface KeptResponse extends FirstResponse {
  readonly fingerprint: string;
}

const MAX_RESPONSES = 100_000;
const MAX_RESPONSE_BYTES = 50_000_000;

type StoreParameter = 'key' | 'fingerprint' | 'status' | 'headers' | 'body' | 'slot';

/** The requests of a user that run at once may together exceed the limits. */
function store(parameters: Placeholders<StoreParameter>) {
  const { ownerId, key, fingerprint, status, headers, body } = parameters;
  const counted = sql`
    select added.responses, added.bytes as response_bytes from added, used
     where added.responses + used.responses <= ${sql.lit(MAX_RESPONSES)}
       and added.bytes + used.bytes <= ${sql.lit(MAX_RESPONSE_BYTES)}`;
  return sql`
    with replaced as (
      select response_bytes(key, headers, body) as bytes
        from idempotency_key where owner_id = ${ownerId} and key = ${key}
    ), added as (
      select 1 - count(*) as responses,
             response_bytes(${key}, ${headers}::json, ${body}::json)
               - coalesce(sum(bytes), 0) as bytes
        from replaced
    ), used as (
      select coalesce(sum(responses), 0) as responses, coalesce(sum(response_bytes), 0) as bytes
        from usage where owner_id = ${ownerId}
    ), counted as (${addToUsage(parameters, ['responses', 'response_bytes'], counted)})
    insert into idempotency_key as kept (owner_id, key, fingerprint, status, headers, body)
    select ${ownerId}, ${key}, decode(${fingerprint}, 'hex'), ${status}::smallint,
           ${headers}::json, ${body}::json
      from counted
    on conflict (owner_id, key) do update
       set fingerprint = excluded.fingerprint, status = excluded.status,
           headers = excluded.headers, body = excluded.body, created_at = excluded.created_at
     where kept.owner_id = excluded.owner_id
    returning key`;
}

/** The kept responses of a user. Every method belongs inside of `transaction`. */
export class IdempotencyRepository extends ScopedRepository<IdempotencyKey> {
  /** Reserves the key until the end of the transaction; returns false when another one has it. */
  async lock(ownerId: OwnerId, key: string): Promise<boolean> {
    const statement = this.statement<'key'>(
      'lock',
      (parameters) => sql`
        select pg_try_advisory_xact_lock(
          hashtextextended(${parameters.key}, hashtextextended(${parameters.ownerId}, 0)))`,
    );
    const [row] = await this.run(ownerId, statement, { key });
    return row?.[0] === 't';
  }

  /** Not in one statement with the lock: it would not see what was committed just before. */
  async find(ownerId: OwnerId, key: string): Promise<KeptResponse | undefined> {
    const statement = this.statement<'key'>(
      'find',
      (parameters) => sql`
        select encode(fingerprint, 'hex'), status, headers, body from idempotency_key
         where owner_id = ${parameters.ownerId} and key = ${parameters.key}
           and created_at >= now() - interval '24 hours'`,
    );
    const [row] = await this.run(ownerId, statement, { key });
    if (row === undefined) return undefined;
    const [fingerprint, status, headers, body] = row;
    return {
      fingerprint: fingerprint ?? '',
      status: Number(status),
      headers: JSON.parse(headers ?? '{}') as ResponseHeaders,
      body: body ?? '',
    };
  }

  /**
   * Keeps a response, in place of one that has expired and was not purged yet.
   *
   * @throws Problem `quota_exceeded` when the user has too many.
   */
  async store(ownerId: OwnerId, key: string, response: KeptResponse): Promise<void> {
    const { fingerprint, status, headers, body } = response;
    const statement = this.statement<StoreParameter>('store', store);
    const stored = await this.run(ownerId, statement, {
      key,
      fingerprint,
      status: String(status),
      headers: JSON.stringify(headers),
      body,
      slot: TRANSACTION_SLOT,
    });
    if (stored.length > 0) return;
    countQuotaRefused('idempotency_keys');
    throw new Problem(
      'quota_exceeded',
      `At most ${String(MAX_RESPONSES)} responses to an Idempotency-Key are kept, of ${String(MAX_RESPONSE_BYTES)} bytes in total. Each is deleted after 24 hours.`,
    );
  }
}
