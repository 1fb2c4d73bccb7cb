import { Migration } from '@mikro-orm/migrations';
import { SYSTEM_ROLE } from '../connection.js';
import { addUnvalidated, FOREIGN_KEYS } from './0015-lists.js';

/** Columns after the owner, and the condition. */
const INDEXES = [
  ['position', 'position, id', 'deleted_at is null'],
  // A condition that is null gives an index no order, so these have one of their own.
  ['unlisted', 'position, id', 'deleted_at is null and list_id is null'],
  ['list', 'list_id, position, id', 'deleted_at is null and list_id is not null'],
  // Subtasks in the trash are found by it, too.
  ['parent', 'parent_id, position, id', 'parent_id is not null'],
] as const;

/** Rows that are placed in a transaction. */
const BATCH_SIZE = 500;

/** Less than any id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Gives up to `batch_size` tasks after one the position of their creation; returns the last of them, whose
 * owner is null at the end. It acts for each owner in turn, as the role of the migrations may be under
 * row-level security.
 */
const PLACE = `
  create or replace procedure task_place(inout owner text, inout previous uuid, batch_size int)
    language plpgsql
    as $$
    declare
      ids uuid[];
    begin
      while owner is not null and batch_size > 0 loop
        perform set_config('app.user_id', owner, true);
        select array_agg(id order by id) into ids from (
          select id from public.task where owner_id = owner and id > previous
           order by id limit batch_size
        ) as looked_at;
        update public.task set position = 'y' || left(replace(id::text, '-', ''), 25)
         where owner_id = owner and id = any (ids) and position is null;
        if cardinality(ids) = batch_size then
          previous := ids[batch_size];
          return;
        end if;
        batch_size := batch_size - coalesce(cardinality(ids), 0) - 1;
        set local role ${SYSTEM_ROLE};
        owner := public.next_usage_owner(owner);
        reset role;
        previous := '${FIRST_ID}';
      end loop;
    end $$`;

/**
 * Gives tasks their positions, builds the indexes by list, parent and position, and validates the
 * foreign keys, while tasks are read and written. After an interruption it all begins anew: an index
 * that was not completed is dropped.
 */
export class Migration0016ListIndexesCompatible extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override async up(): Promise<void> {
    await this.#placeRows();
    const isPlaced = 'task_position_check';
    await this.execute(`alter table task drop constraint if exists ${isPlaced}`);
    await this.execute(
      `alter table task add constraint ${isPlaced} check (position is not null) not valid`,
    );
    for (const name of [isPlaced, ...Object.keys(FOREIGN_KEYS)]) {
      await this.execute(`alter table task validate constraint ${name}`);
    }
    // The constraint has been validated, so no row is looked at under the lock.
    await this.execute('alter table task alter position set not null');
    await this.execute(`alter table task drop constraint ${isPlaced}`);
    for (const [name, columns, condition] of INDEXES) {
      const index = `task_owner_${name}_index`;
      await this.execute(`drop index concurrently if exists ${index}`);
      await this.execute(
        `create index concurrently ${index} on task (owner_id, ${columns}) where ${condition}`,
      );
    }
  }

  override async down(): Promise<void> {
    for (const [name, key] of Object.entries(FOREIGN_KEYS)) {
      await this.execute(
        `alter table task drop constraint if exists ${name}; ${addUnvalidated(name, key)}`,
      );
    }
    for (const [name] of INDEXES) {
      await this.execute(`drop index concurrently if exists task_owner_${name}_index`);
    }
    await this.execute('alter table task alter position drop not null');
  }

  async #placeRows(): Promise<void> {
    await this.execute(PLACE);
    let position: Record<string, unknown> | undefined = { owner: '', previous: FIRST_ID };
    while (typeof position?.['owner'] === 'string') {
      [position] = await this.execute('call task_place(?, ?, ?)', [
        position['owner'],
        position['previous'],
        BATCH_SIZE,
      ]);
    }
    await this.execute('drop procedure task_place(text, uuid, int)');
  }
}
