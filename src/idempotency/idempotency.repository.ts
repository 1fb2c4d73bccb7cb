import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { OwnerId } from '../common/owner-id.js';
import { asOwner } from '../database/index.js';

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

/**
 * The one way to the kept answers. As with tasks, the owner comes first, is in each condition, and
 * is told to PostgreSQL. All but `purge` belong inside of `transactional`.
 */
@Injectable()
export class IdempotencyRepository {
  constructor(private readonly em: EntityManager) {}

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

  /** In place of one that has expired, if the purge has not been there yet. */
  async store(ownerId: OwnerId, key: string, answer: KeptAnswer): Promise<void> {
    const { fingerprint, status, headers, body } = answer;
    await this.em.execute(
      `insert into idempotency_key as kept (owner_id, key, fingerprint, status, headers, body)
       values (?, ?, decode(?, 'hex'), ?, ?, ?)
       on conflict (owner_id, key) do update
          set fingerprint = excluded.fingerprint, status = excluded.status,
              headers = excluded.headers, body = excluded.body, created_at = excluded.created_at
        where kept.owner_id = ?`,
      [ownerId, key, fingerprint, status, JSON.stringify(headers), body, ownerId],
      'run',
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
