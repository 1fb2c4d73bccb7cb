import { Migration } from '@mikro-orm/migrations';
import { asSystem } from './as-system.js';
import { API_ROLE, SAFE_SEARCH_PATH, SYSTEM_ROLE } from '../connection.js';
import { addTo } from './0012-usage.js';
import { PURGE } from './0015-lists.js';

/** Not a subselect: a database that is distributed by owner refuses one in a policy. */
const IS_OWN = `owner_id = nullif(current_setting('app.user_id', true), '')`;

const TABLES = [
  // A row is written often and grows never: room on its page keeps the index out of it.
  `create table change_counter (
    owner_id varchar(255) not null,
    seq bigint not null,
    purged_seq bigint not null default 0,
    constraint change_counter_pkey primary key (owner_id)
  ) with (fillfactor = 50)`,
  `create table change (
    owner_id varchar(255) not null,
    seq bigint not null,
    type text not null,
    id uuid not null,
    version int not null,
    at timestamptz(3) not null default now(),
    actor_type text null,
    actor_name text null,
    changes json null,
    constraint change_pkey primary key (owner_id, seq)
  )`,
  'create index change_owner_thing_index on change (owner_id, id, seq)',
  // Entries are written in the order of their time, so a few bytes for each range of pages find the old ones.
  'create index change_at_index on change using brin (at)',
];

/** The lock of an owner's writes, as the API takes it in front of each. */
const isFree = (owner: string) => `pg_try_advisory_xact_lock(hashtextextended(${owner}, 15))`;

/** Appends an entry for each row of `purged` (owner_id, id, version), and deletes their history. */
const logged = (type: string) => `
  numbered as (
    select owner_id, id, version,
           row_number() over (partition by owner_id order by id) as number from purged
  ), counter as (
    insert into public.change_counter as kept (owner_id, seq)
    select owner_id, max(number) from numbered group by owner_id order by owner_id
    on conflict (owner_id) do update set seq = kept.seq + excluded.seq
    returning owner_id, seq
  ), forgotten as (
    delete from public.change using purged
     where change.owner_id = purged.owner_id and change.id = purged.id
  ), logged as (
    insert into public.change (owner_id, seq, type, id, version)
    select owner_id, seq + 1 - number, '${type}', id, version
      from numbered join counter using (owner_id)
  )`;

/** True of a list that no task is in. */
const IS_EMPTY = `not exists (
  select from public.task where task.owner_id = list.owner_id and task.list_id = list.id
)`;

/** The rows of `expired`: up to a batch of those that meet a condition, of owners who are not writing. */
const expired = (table: string, condition = 'true') => `
  found as materialized (
    select owner_id, id from public.${table}
     where deleted_at < deleted_before and ${condition} limit batch_size
  ), owners as materialized (
    select owner_id from (select distinct owner_id from found) as writers
     where ${isFree('owner_id')}
  ), expired as (
    select owner_id, id from public.${table}
     where deleted_at < deleted_before
       and (owner_id, id) in (select owner_id, id from found join owners using (owner_id))
       for update skip locked
  )`;

/**
 * The purge of tasks and of lists, as `0015-lists` has it, which now also writes the change log. Owners
 * who are writing at the moment are left for the next time, and so are lists that still have tasks.
 */
export const LOGGED_PURGE = `
  create or replace function public.purge_trash(days int, batch_size int, trusted_now timestamptz)
    returns int
    language plpgsql security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
    declare
      deleted_before timestamptz :=
        least(trusted_now, public.database_clock()) - make_interval(days => greatest(days, 1));
      removed int;
      removed_lists int;
    begin
      with recursive ${expired('task')}, subtree as (
        select owner_id, id from expired
        union
        select task.owner_id, task.id from subtree
          join public.task on task.owner_id = subtree.owner_id and task.parent_id = subtree.id
      ), purged as (
        delete from public.task using subtree
         where task.owner_id = subtree.owner_id and task.id = subtree.id
           and task.deleted_at is not null
        returning task.owner_id, task.id, version,
                  public.task_bytes(title, description, tags) as size
      ), counted as (
        select owner_id, -count(*) as tasks, -sum(size) as bytes from purged group by owner_id
      ), subtracted as (${addTo(['tasks', 'bytes'])}), ${logged('task.removed')}
      select least(count(*), batch_size) into removed from purged;
      with ${expired('list', IS_EMPTY)}, purged as (
        delete from public.list using expired
         where list.owner_id = expired.owner_id and list.id = expired.id
           and list.deleted_at is not null
        returning list.owner_id, list.id, version, public.list_bytes(name) as size
      ), counted as (
        select owner_id, -sum(size) as bytes from purged group by owner_id
      ), subtracted as (${addTo(['bytes'])}), ${logged('list.removed')}
      select count(*) into removed_lists from purged;
      return greatest(removed, removed_lists);
    end $$`;

/**
 * Deletes up to `batch_size` entries that are older than `days` days, and notes how far each log is
 * purged. Owners who are writing at the moment are left for the next time.
 */
export const PURGE_CHANGES = `
  create function public.purge_changes(days int, batch_size int, trusted_now timestamptz)
    returns int
    language plpgsql security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
    declare
      logged_before timestamptz :=
        least(trusted_now, public.database_clock()) - make_interval(days => greatest(days, 1));
      removed int;
    begin
      with expired as materialized (
        select owner_id, seq from public.change where at < logged_before limit batch_size
      ), owners as materialized (
        select owner_id from (select distinct owner_id from expired) as writers
         where ${isFree('owner_id')}
      ), purged as (
        delete from public.change using expired join owners using (owner_id)
         where change.owner_id = expired.owner_id and change.seq = expired.seq
        returning change.owner_id, change.seq
      ), noted as (
        update public.change_counter
           set purged_seq = greatest(purged_seq, last_seq)
          from (select owner_id, max(seq) as last_seq from purged group by owner_id) as latest
         where change_counter.owner_id = latest.owner_id
      )
      select count(*) into removed from purged;
      return removed;
    end $$`;

/**
 * Numbers all logs anew, after every number that can have been given out since the backup that the database was
 * restored from: a token of that time expires, instead of standing for another moment.
 */
export const RENUMBER = `
  create function public.renumber_changes() returns void
    language sql security definer set search_path = ${SAFE_SEARCH_PATH}
    begin atomic
      insert into public.change_counter as kept (owner_id, seq, purged_seq)
      select id, 4294967296, 4294967296 from auth."user"
      union
      select owner_id, 4294967296, 4294967296 from public.change_counter
      on conflict (owner_id) do update
         set seq = kept.seq + excluded.seq, purged_seq = kept.seq + excluded.seq;
    end`;

const ADDED_FUNCTIONS = [
  ['purge_changes(int, int, timestamptz)', API_ROLE],
  ['renumber_changes()', 'session_user'],
] as const;

/**
 * The log of each owner's changes. The previous version, which does not know it, writes tasks and lists that
 * the log does not mention.
 */
export class Migration0018ChangesCompatible extends Migration {
  override up(): void {
    for (const create of TABLES) this.addSql(create);
    for (const table of ['change', 'change_counter']) {
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`alter table ${table} force row level security`);
      this.addSql(
        `create policy ${table}_owner on ${table} using (${IS_OWN}) with check (${IS_OWN})`,
      );
      this.addSql(`
        create policy ${table}_system on ${table} to ${SYSTEM_ROLE} using (true) with check (true)`);
      this.addSql(
        `grant select, insert, update, delete on ${table} to ${API_ROLE}, ${SYSTEM_ROLE}`,
      );
    }
    asSystem(this, () => {
      this.addSql(LOGGED_PURGE);
      this.addSql(PURGE_CHANGES);
      this.addSql(RENUMBER);
      for (const [signature, role] of ADDED_FUNCTIONS) {
        this.addSql(`revoke all on function ${signature} from public`);
        this.addSql(`grant execute on function ${signature} to ${role}`);
      }
    });
  }

  override down(): void {
    asSystem(this, () => {
      this.addSql(PURGE);
      for (const [signature] of ADDED_FUNCTIONS) this.addSql(`drop function ${signature}`);
    });
    this.addSql('drop table change');
    this.addSql('drop table change_counter');
  }
}
