import { type RawBuilder, sql } from 'kysely';
import { currentTransaction, type OwnerId, type Parameter } from '../database/index.js';
import { countQuotaRefused } from '../metrics/index.js';
import { type Quota, QuotaExceeded } from './quota-exceeded.js';
import { ScopedRepository } from './scoped.repository.js';
import type { Placeholders } from './statement.js';
import type { Usage } from './usage.entity.js';
import { TRANSACTION_SLOT, type UsageParameter } from './usage.sql.js';

/** No limit: a number that nobody reaches, and that JavaScript and PostgreSQL both know. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

const MAX_SLOT = 15;

type QuotaParameter = Exclude<UsageParameter, 'slot'>;

/**
 * The quotas of each user, and how much of them is used.
 *
 * A statement that adds checks the share of its own slot alone. When that is used up, the slots are
 * locked, the one that needs room is given all that is left, and the rest is shared out afterwards: no
 * writer goes past a quota, however many there are, and rarely does one wait for another.
 *
 * Slots are locked in ascending order, always after the rows of resources and before the change log: a
 * statement by itself takes turns at those from 1 on; a transaction, which may come to need them all, has slot 0.
 */
export class UsageRepository extends ScopedRepository<Usage> {
  #quota: Quota = { tasks: NO_LIMIT, bytes: NO_LIMIT };
  #turn = 0;

  /** Sets the quotas of every user; 0 is no limit. */
  limit({ tasks, bytes }: Quota): void {
    this.#quota = { tasks: tasks || NO_LIMIT, bytes: bytes || NO_LIMIT };
  }

  /**
   * Writes what adds to the usage of a user.
   *
   * @param tasks the number of tasks that are added.
   * @param write returns undefined, and has changed nothing, when its slot lacks the room.
   * @throws QuotaExceeded when all slots together lack it.
   */
  async writeWithinQuota<Result>(
    ownerId: OwnerId,
    tasks: number,
    write: () => Promise<Result | undefined>,
  ): Promise<Result> {
    const written = await write();
    if (written !== undefined) return written;
    return this.transaction(ownerId, async () => {
      await this.write(ownerId, this.#ensureSlots);
      await this.write(ownerId, this.#lockSlots);
      const free = await this.#allot(ownerId, 'all');
      const result = await write();
      if (result === undefined) throw this.#exceeded(free, tasks);
      await this.#allot(ownerId, 'evenly');
      return result;
    });
  }

  #exceeded(free: Quota, tasks: number): QuotaExceeded {
    const exceeded = new QuotaExceeded(this.#quota, free, tasks);
    countQuotaRefused(exceeded.roomForTasks === undefined ? 'bytes' : 'tasks');
    return exceeded;
  }

  /** Parameters of a statement that counts; new ones for each. */
  get parameters(): Record<UsageParameter, Parameter> {
    return { slot: this.slot, ...this.#limits };
  }

  /** The slot for a statement. */
  get slot(): string {
    if (currentTransaction() !== undefined) return TRANSACTION_SLOT;
    this.#turn = (this.#turn % MAX_SLOT) + 1;
    return String(this.#turn);
  }

  get #limits(): Record<QuotaParameter, Parameter> {
    return { taskQuota: String(this.#quota.tasks), byteQuota: String(this.#quota.bytes) };
  }

  /** In this order the first writers of a new user wait for each other. */
  get #ensureSlots() {
    return this.statement(
      'ensure slots',
      ({ ownerId }) => sql`
        insert into usage (owner_id, slot)
        select ${ownerId}, slot from generate_series(0, ${sql.lit(MAX_SLOT)}) as slot order by slot
        on conflict do nothing`,
    );
  }

  get #lockSlots() {
    return this.statement(
      'lock slots',
      ({ ownerId }) =>
        sql`select slot from usage where owner_id = ${ownerId} order by slot for update`,
    );
  }

  async #allot(ownerId: OwnerId, share: 'all' | 'evenly'): Promise<Quota> {
    const statement = this.statement<QuotaParameter>(`allot ${share}`, (parameters) =>
      allot(parameters, SHARES[share]),
    );
    const [row = []] = await this.run(ownerId, statement, this.#limits);
    return { tasks: Number(row[0]), bytes: Number(row[1]) };
  }
}

const SHARES: Record<'all' | 'evenly', (free: RawBuilder<unknown>) => RawBuilder<unknown>> = {
  all: (free) => sql`case when slot = 0 then ${free} else 0 end`,
  evenly: (free) => sql`${free} / slots`,
};

const allot = (
  { ownerId, taskQuota, byteQuota }: Placeholders<QuotaParameter>,
  share: (free: RawBuilder<unknown>) => RawBuilder<unknown>,
) => sql`
  with total as (
    select ${taskQuota}::bigint - sum(tasks) as free_tasks,
           ${byteQuota}::bigint - sum(bytes)::bigint as free_bytes, count(*) as slots
      from usage where owner_id = ${ownerId}
  )
  update usage
     set task_limit = tasks + ${share(sql`greatest(free_tasks, 0)`)}, task_quota = ${taskQuota},
         byte_limit = bytes + ${share(sql`greatest(free_bytes, 0)`)}, byte_quota = ${byteQuota}
    from total where owner_id = ${ownerId}
  returning free_tasks, free_bytes`;
