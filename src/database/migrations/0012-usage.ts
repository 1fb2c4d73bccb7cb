import { Migration } from '@mikro-orm/migrations';
import { asSystem } from './as-system.js';
import { API_ROLE, SAFE_SEARCH_PATH, SYSTEM_ROLE } from '../connection.js';
import { PURGES } from './0011-purges.js';

const IS_OWN = `owner_id = (select nullif(current_setting('app.user_id', true), ''))`;

/** Bytes of a task's text. Stable as `array_to_string` is: otherwise a plan could not inline it. */
const TASK_BYTES = `
  create function task_bytes(title text, description text, tags text[]) returns int
    language sql stable parallel safe
    return octet_length(title) + coalesce(octet_length(description), 0)
      + octet_length(array_to_string(tags, ''))`;

const RESPONSE_BYTES = `
  create function response_bytes(key text, headers json, body json) returns int
    language sql stable parallel safe
    return octet_length(key) + octet_length(headers::text) + octet_length(body::text)`;

/**
 * Counts of what a user keeps, split into slots that add up. Connections write to different slots, so
 * that they do not wait for each other's commit. A slot may be below zero. Its limits are its own
 * share of the quotas beside them: the shares together never exceed those, so a write checks one row.
 * Room on each page keeps an update off the index.
 */
const TABLE = `
  create table usage (
    owner_id varchar(255) not null,
    slot smallint not null,
    tasks int not null default 0,
    bytes bigint not null default 0,
    responses int not null default 0,
    response_bytes bigint not null default 0,
    task_limit bigint not null default 0,
    byte_limit bigint not null default 0,
    task_quota bigint null,
    byte_quota bigint null,
    constraint usage_pkey primary key (owner_id, slot)
  ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)`;

/** Adds `counted` (owner_id and numbers, one row for each owner) to slot 0 of each owner. */
export const addTo = (columns: readonly string[]) => `
  insert into public.usage as kept (owner_id, slot, ${columns.join(', ')})
  select owner_id, 0, ${columns.join(', ')} from counted order by owner_id
  on conflict (owner_id, slot) do update
     set ${columns.map((column) => `${column} = kept.${column} + excluded.${column}`).join(', ')}`;

/** The purges of `0011-purges`, which now subtract what they remove from the counts of its owners. */
export const COUNTED_PURGES = [
  `create or replace function public.purge_trash(days int, batch_size int, trusted_now timestamptz)
     returns int
     language plpgsql security definer set search_path = ${SAFE_SEARCH_PATH}
     as $$
     declare
       deleted_before timestamptz :=
         least(trusted_now, public.database_clock()) - make_interval(days => greatest(days, 1));
       removed int;
     begin
       with expired as (
         select owner_id, id from public.task where deleted_at < deleted_before
         limit batch_size for update skip locked
       ), purged as (
         delete from public.task using expired
          where task.owner_id = expired.owner_id and task.id = expired.id
            and task.deleted_at is not null
         returning task.owner_id, public.task_bytes(title, description, tags) as size
       ), counted as (
         select owner_id, -count(*) as tasks, -sum(size) as bytes from purged group by owner_id
       ), subtracted as (${addTo(['tasks', 'bytes'])})
       select count(*) into removed from purged;
       return removed;
     end $$`,
  `create or replace function public.purge_idempotency_keys(batch_size int, trusted_now timestamptz)
     returns int
     language plpgsql security definer set search_path = ${SAFE_SEARCH_PATH}
     as $$
     declare
       created_before timestamptz :=
         least(trusted_now, public.database_clock()) - interval '24 hours';
       removed int;
     begin
       with expired as (
         select owner_id, key from public.idempotency_key where created_at < created_before
         limit batch_size for update skip locked
       ), purged as (
         delete from public.idempotency_key as kept using expired
          where kept.owner_id = expired.owner_id and kept.key = expired.key
         returning kept.owner_id, public.response_bytes(kept.key, headers, body) as size
       ), counted as (
         select owner_id, -count(*) as responses, -sum(size) as response_bytes
           from purged group by owner_id
       ), subtracted as (${addTo(['responses', 'response_bytes'])})
       select count(*) into removed from purged;
       return removed;
     end $$`,
] as const;

const COUNTS = ['tasks', 'bytes', 'responses', 'response_bytes'];

/** Everything that counts, a row each. */
export const KEPT = `
  select owner_id, 1, public.task_bytes(title, description, tags), 0, 0 from public.task
  union all
  select owner_id, 0, 0, 1, public.response_bytes(key, headers, body) from public.idempotency_key`;

/** Returns the first owner after `previous`. */
export const NEXT_OWNER = `
  create function next_usage_owner(previous text) returns text
    language sql stable security definer set search_path = ${SAFE_SEARCH_PATH}
    begin atomic
      select least(
        (select owner_id from task where owner_id > previous order by owner_id limit 1),
        (select owner_id from usage where owner_id > previous order by owner_id limit 1));
    end`;

/**
 * Corrects the counts of an owner; returns whether they were wrong.
 *
 * One statement reads rows and counts in one snapshot, in which a transaction is either whole or
 * absent: their difference is exact while others write. The lock keeps two corrections of one owner
 * apart, and is taken before that snapshot. Without a quota, limits are set anew at the next write.
 */
export const recount = (kept: string) => `
  create function recount_usage(owner text) returns boolean
    language plpgsql security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('recount', hashtextextended(owner, 0)));
      with counted as (
        select owner_id, ${COUNTS.map((column) => `sum(${column}) as ${column}`).join(', ')}
          from (
            select * from (${kept}) as kept (owner_id, ${COUNTS.join(', ')})
            union all
            select owner_id, ${COUNTS.map((column) => `-${column}`).join(', ')} from public.usage
          ) as differences (owner_id, ${COUNTS.join(', ')})
         where owner_id = owner
         group by owner_id
        having ${COUNTS.map((column) => `sum(${column}) <> 0`).join(' or ')}
      )
      ${addTo(COUNTS)};
      if not found then
        return false;
      end if;
      update public.usage set task_quota = null where owner_id = owner;
      return true;
    end $$`;

const ADDED_FUNCTIONS = ['next_usage_owner(text)', 'recount_usage(text)'];

/** Keeps count of what each user keeps, which quotas are checked against. */
export class Migration0012UsageCompatible extends Migration {
  override up(): void {
    this.addSql(TASK_BYTES);
    this.addSql(RESPONSE_BYTES);
    this.addSql(TABLE);
    this.addSql('alter table usage enable row level security');
    this.addSql('alter table usage force row level security');
    this.addSql(`create policy usage_owner on usage using (${IS_OWN}) with check (${IS_OWN})`);
    this.addSql(`
      create policy usage_system on usage to ${SYSTEM_ROLE} using (true) with check (true)`);
    this.addSql(`grant select, insert, update, delete on usage to ${API_ROLE}, ${SYSTEM_ROLE}`);
    this.addSql(`
      create policy idempotency_key_count on idempotency_key for select to ${SYSTEM_ROLE} using (true)`);
    asSystem(this, () => {
      for (const create of [...COUNTED_PURGES, NEXT_OWNER, recount(KEPT)]) this.addSql(create);
      for (const signature of ADDED_FUNCTIONS) {
        this.addSql(`revoke all on function ${signature} from public`);
        this.addSql(`grant execute on function ${signature} to ${API_ROLE}`);
      }
      // As the system's role: the owner of the tables may be subject to row-level security.
      this.addSql(`
        insert into usage (owner_id, slot, ${COUNTS.join(', ')})
        select owner_id, 0, ${COUNTS.map((column) => `sum(${column})`).join(', ')}
          from (${KEPT}) as kept (owner_id, ${COUNTS.join(', ')}) group by owner_id`);
    });
  }

  override down(): void {
    asSystem(this, () => {
      for (const create of PURGES) this.addSql(create.replace('create', 'create or replace'));
      for (const signature of ADDED_FUNCTIONS) this.addSql(`drop function ${signature}`);
    });
    this.addSql('drop policy idempotency_key_count on idempotency_key');
    this.addSql('drop table usage');
    this.addSql('drop function response_bytes(text, json, json)');
    this.addSql('drop function task_bytes(text, text, text[])');
  }
}
