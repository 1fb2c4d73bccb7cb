import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { asOwner, OwnedStatements, type OwnerId } from '../database/index.js';
import { Problem } from '../problems/index.js';
import { addToUsage } from '../usage/index.js';

type AnswerHeaders = Readonly<Record<string, string | string[] | number>>;

/** An answer as it was first given. */
export interface FirstAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** JSON, to the byte. */
  readonly body: string;
}

/** An answer that is kept, and the digest, in hex, of the request it was given to. */
export interface KeptAnswer extends FirstAnswer {
  readonly fingerprint: string;
}

const MAX_RESPONSES = 100_000;
const MAX_RESPONSE_BYTES = 50_000_000;

const ADDED_BYTES = 'response_bytes($2, $5::json, $6::json)';

/** As many as a user's requests that run at once may go past the limits. */
const STORE = `
  with replaced as (
    select response_bytes(key, headers, body) as bytes
      from idempotency_key where owner_id = $1 and key = $2
  ), added as (
    select 1 - count(*) as responses, ${ADDED_BYTES} - coalesce(sum(bytes), 0) as bytes from replaced
  ), used as (
    select coalesce(sum(responses), 0) as responses, coalesce(sum(response_bytes), 0) as bytes
      from usage where owner_id = $1
  ), counted as (${addToUsage(
    '0',
    ['responses', 'response_bytes'],
    `select added.responses, added.bytes as response_bytes from added, used
      where added.responses + used.responses <= ${String(MAX_RESPONSES)}
        and added.bytes + used.bytes <= ${String(MAX_RESPONSE_BYTES)}`,
  )})
  insert into idempotency_key as kept (owner_id, key, fingerprint, status, headers, body)
  select $1, $2, decode($3, 'hex'), $4::smallint, $5::json, $6::json from counted
  on conflict (owner_id, key) do update
     set fingerprint = excluded.fingerprint, status = excluded.status,
         headers = excluded.headers, body = excluded.body, created_at = excluded.created_at
   where kept.owner_id = $1
  returning key`;

/**
 * The one way to the kept answers. As with tasks, the owner comes first, is in each condition, and
 * is told to PostgreSQL. All but `purge` belong inside of `transactional`.
 */
@Injectable()
export class IdempotencyRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly statements: OwnedStatements,
  ) {}

  /** What `work` reads and writes through MikroORM, in whichever module, is one transaction. */
  transactional<T>(ownerId: OwnerId, work: () => Promise<T>): Promise<T> {
    return asOwner(ownerId, () => this.em.transactional(work));
  }

  /** Has the key to itself until the transaction's end; false when another one has. */
  async lock(ownerId: OwnerId, key: string): Promise<boolean> {
    const [row] = await this.em.execute<{ locked: boolean }[]>(
      'select pg_try_advisory_xact_lock(hashtextextended(?, hashtextextended(?, 0))) as locked',
      [key, ownerId],
    );
    return row?.locked === true;
  }

  /** Not in one statement with the lock: it would not see what was committed just before. */
  async find(ownerId: OwnerId, key: string): Promise<KeptAnswer | undefined> {
    // As text: read as JSON, the body would be put into words anew.
    const [row] = await this.em.execute<KeptAnswer[]>(
      `select encode(fingerprint, 'hex') as fingerprint, status, headers, body::text as body
         from idempotency_key
        where owner_id = ? and key = ? and created_at >= now() - interval '24 hours'`,
      [ownerId, key],
    );
    return row;
  }

  /**
   * Keeps a response, in place of one that has expired, if the purge has not been there yet.
   *
   * @throws Problem `quota_exceeded` when the user has too many.
   */
  async store(ownerId: OwnerId, key: string, answer: KeptAnswer): Promise<void> {
    const { fingerprint, status, headers, body } = answer;
    const parameters = [key, fingerprint, String(status), JSON.stringify(headers), body];
    const stored = await this.statements.run(ownerId, STORE, parameters);
    if (stored.length > 0) return;
    throw new Problem(
      'quota_exceeded',
      `At most ${String(MAX_RESPONSES)} responses to an Idempotency-Key, of ${String(MAX_RESPONSE_BYTES)} bytes in all, are kept. Each is deleted after 24 hours.`,
    );
  }

  /** Removes up to `limit` keys, of everybody, that have expired by `now`; returns how many. */
  async purge(limit: number, now: Date): Promise<number> {
    const [row] = await this.em.execute<{ removed: number }[]>(
      'select purge_idempotency_keys(?, ?::timestamptz) as removed',
      [limit, now.toISOString()],
    );
    return row?.removed ?? 0;
  }
}
