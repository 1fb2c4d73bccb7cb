import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { asOwner, openTransaction, OwnedStatements, type OwnerId } from '../database/index.js';
import { ENV, type Env } from '../config/index.js';
import { type Quota, QuotaExceeded } from './quota-exceeded.js';

const MEGABYTE = 1_000_000;

/** Stands for "no limit": a number that nobody reaches, and JavaScript and PostgreSQL both know. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

const MAX_SLOT = 15;

/** In this order the first writers of a new user wait for each other. */
const ENSURE_SLOTS = `
  insert into usage (owner_id, slot)
  select $1, slot from generate_series(0, ${String(MAX_SLOT)}) as slot order by slot
  on conflict do nothing`;

const LOCK_SLOTS = 'select slot from usage where owner_id = $1 order by slot for update';

const allot = (share: (free: string) => string) => `
  with total as (
    select $2::bigint - sum(tasks) as free_tasks, $3::bigint - sum(bytes)::bigint as free_bytes,
           count(*) as slots
      from usage where owner_id = $1
  )
  update usage
     set task_limit = tasks + ${share('greatest(free_tasks, 0)')}, task_quota = $2,
         byte_limit = bytes + ${share('greatest(free_bytes, 0)')}, byte_quota = $3
    from total where owner_id = $1
  returning free_tasks, free_bytes`;

const ALLOT_ALL = allot((free) => `case when slot = 0 then ${free} else 0 end`);
const ALLOT_EVENLY = allot((free) => `${free} / slots`);

/**
 * The quotas of each user, and what of them is used.
 *
 * A statement that adds checks the share of its own slot alone. When that is used up, the slots are
 * locked, whatever all of them have left is given to the one that needs it, and shared out afterwards:
 * so no writer goes past a quota, however many there are, and rarely does one wait for another.
 *
 * Slots are locked in ascending order, always after tasks: a statement by itself takes turns at those
 * from 1 on, and a transaction, which may come to need them all, has slot 0.
 */
@Injectable()
export class UsageRepository {
  readonly #quota: Quota;
  readonly #limits: readonly [taskQuota: string, byteQuota: string];
  #turn = 0;

  constructor(
    private readonly statements: OwnedStatements,
    private readonly em: EntityManager,
    @Inject(ENV) { QUOTA_TASKS, QUOTA_MEGABYTES }: Env,
  ) {
    this.#quota = {
      tasks: QUOTA_TASKS || NO_LIMIT,
      bytes: QUOTA_MEGABYTES * MEGABYTE || NO_LIMIT,
    };
    this.#limits = [String(this.#quota.tasks), String(this.#quota.bytes)];
  }

  /**
   * Writes what adds to the usage of a user.
   *
   * @param tasks the number of tasks that are added.
   * @param write returns undefined, and has changed nothing, when its slot lacks the room.
   * @throws QuotaExceeded when all slots together lack it.
   */
  async write<T>(ownerId: OwnerId, tasks: number, write: () => Promise<T | undefined>): Promise<T> {
    const written = await write();
    if (written !== undefined) return written;
    return asOwner(ownerId, () =>
      this.em.transactional(async () => {
        await this.statements.run(ownerId, ENSURE_SLOTS);
        await this.statements.run(ownerId, LOCK_SLOTS);
        const free = await this.#allot(ownerId, ALLOT_ALL);
        const result = await write();
        if (result === undefined) throw new QuotaExceeded(this.#quota, free, tasks);
        await this.#allot(ownerId, ALLOT_EVENLY);
        return result;
      }),
    );
  }

  /** Parameters of a statement that counts; new ones for each. */
  get parameters(): [slot: string, taskQuota: string, byteQuota: string] {
    return [this.slot, ...this.#limits];
  }

  /** The slot for a statement. */
  get slot(): string {
    if (openTransaction() !== undefined) return '0';
    this.#turn = (this.#turn % MAX_SLOT) + 1;
    return String(this.#turn);
  }

  /** The first user after another, by id; null after the last one. Not within `asOwner`. */
  async nextOwner(previous: string): Promise<string | null> {
    const [row] = await this.em.execute<{ owner: string | null }[]>(
      'select next_usage_owner(?) as owner',
      [previous],
    );
    return row?.owner ?? null;
  }

  /** Corrects the counts of a user; returns whether they were wrong. */
  async recount(owner: string): Promise<boolean> {
    const [row] = await this.em.execute<{ corrected: boolean }[]>(
      'select recount_usage(?) as corrected',
      [owner],
    );
    return row?.corrected === true;
  }

  async #allot(ownerId: OwnerId, statement: string): Promise<Quota> {
    const [row = []] = await this.statements.run(ownerId, statement, this.#limits);
    return { tasks: Number(row[0]), bytes: Number(row[1]) };
  }
}
