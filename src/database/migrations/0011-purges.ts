import { Migration } from '@mikro-orm/migrations';
import { API_ROLE, IDENTITY_ROLE, SAFE_SEARCH_PATH, SYSTEM_ROLE } from '../connection.js';

const SAFE_PATH = `set search_path = ${SAFE_SEARCH_PATH}`;

/**
 * The database's clock as the purges have seen it. Nothing is purged before `trusted_from`, which a
 * disagreement of two looks puts off.
 */
const CLOCK = [
  `create table auth.purge_clock (
    is_only boolean not null primary key default true check (is_only),
    seen_at timestamptz(3) not null,
    trusted_from timestamptz(3) not null
  )`,
  `insert into auth.purge_clock (seen_at, trusted_from)
   values (clock_timestamp(), clock_timestamp() + interval '1 hour')`,
  `create function public.database_clock() returns timestamptz
     language sql volatile parallel safe ${SAFE_PATH}
     begin atomic select clock_timestamp(); end`,
];

/**
 * Compares the clock with an earlier look at it: of the same process, which knows by its monotonic
 * clock how many seconds have passed since; or, at its first look, of any process, which looked an
 * hour ago or a little more. After a disagreement of more than a minute nothing is trusted for an
 * hour to a day, by its size: a clock that was set a year ahead, and back, has purged nothing.
 */
const LOOK = `
  create function public.look_at_clock(previous timestamptz, elapsed_seconds float8)
    returns table (seen timestamptz, is_trusted boolean)
    language plpgsql security definer ${SAFE_PATH}
    as $$
    declare
      last auth.purge_clock;
      off_seconds float8;
    begin
      select * into strict last from auth.purge_clock for update;
      seen := date_trunc('milliseconds', public.database_clock());
      off_seconds := case
        when previous is not null then abs(extract(epoch from seen - previous) - elapsed_seconds)
        when seen < last.seen_at then extract(epoch from last.seen_at - seen)
        when seen > last.seen_at + interval '2 hours' then extract(epoch from seen - last.seen_at)
        else 0
      end;
      if off_seconds > 60 then
        last.trusted_from := seen + make_interval(secs => least(greatest(off_seconds / 24, 3600), 86400));
      end if;
      update auth.purge_clock set seen_at = seen, trusted_from = last.trusted_from;
      is_trusted := seen >= last.trusted_from;
      return next;
    end $$`;

/** The purges, up to the moment that their caller trusts. The previous version calls those without. */
export const PURGES = [
  `create function public.purge_trash(days int, batch_size int, trusted_now timestamptz) returns int
     language plpgsql security definer ${SAFE_PATH}
     as $$
     declare
       deleted_before timestamptz :=
         least(trusted_now, public.database_clock()) - make_interval(days => greatest(days, 1));
       removed int;
     begin
       with expired as (
         select owner_id, id from public.task where deleted_at < deleted_before
         limit batch_size for update skip locked
       )
       delete from public.task using expired
        where task.owner_id = expired.owner_id and task.id = expired.id
          and task.deleted_at is not null;
       get diagnostics removed = row_count;
       return removed;
     end $$`,
  `create function public.purge_idempotency_keys(batch_size int, trusted_now timestamptz) returns int
     language plpgsql security definer ${SAFE_PATH}
     as $$
     declare
       created_before timestamptz :=
         least(trusted_now, public.database_clock()) - interval '24 hours';
       removed int;
     begin
       with expired as (
         select owner_id, key from public.idempotency_key where created_at < created_before
         limit batch_size for update skip locked
       )
       delete from public.idempotency_key using expired
        where idempotency_key.owner_id = expired.owner_id and idempotency_key.key = expired.key;
       get diagnostics removed = row_count;
       return removed;
     end $$`,
];

/**
 * Erases up to `batch_size` rows of a deleted account: of every table with an `owner_id`, so that a
 * new one cannot be forgotten. Returns null while somebody else is at it. The function's owner is
 * under row-level security too, so it acts for the user that is gone.
 */
export const ERASE = `
  create function auth.erase_deleted_user(owner text, batch_size int) returns int
    language plpgsql security definer ${SAFE_PATH}
    as $$
    declare
      before text := coalesce(current_setting('app.user_id', true), '');
      owned regclass;
      erased int := 0;
      erased_here int;
    begin
      if not exists (select from auth.deleted_user where id = owner)
        or exists (select from auth."user" where id = owner) then
        return 0;
      end if;
      if not pg_try_advisory_xact_lock(hashtextextended(owner, 11)) then
        return null;
      end if;
      perform set_config('app.user_id', owner, true);
      for owned in
        select pg_class.oid from pg_class join pg_attribute on attrelid = pg_class.oid
         where attname = 'owner_id' and not attisdropped and relkind = 'r'
           and relnamespace in ('public'::regnamespace, 'auth'::regnamespace)
         order by relname
      loop
        execute format(
          'delete from %1$s where owner_id = $1
             and ctid = any (array(select ctid from %1$s where owner_id = $1 limit $2))', owned)
          using owner, batch_size - erased;
        get diagnostics erased_here = row_count;
        erased := erased + erased_here;
      end loop;
      perform set_config('app.user_id', before, true);
      return erased;
    end $$`;

/** In place of those that erase everything in one statement: the previous version calls the second. */
const ERASE_LATER = [
  `create or replace function auth.erase_user() returns trigger
     language plpgsql security definer ${SAFE_PATH}
     as $$
     begin
       insert into auth.deleted_user (id) values (old.id) on conflict do nothing;
       return null;
     end $$`,
  `create or replace function auth.erase_deleted_user(owner text) returns int
     language plpgsql security definer ${SAFE_PATH}
     as $$ begin return coalesce(auth.erase_deleted_user(owner, 1000), 0); end $$`,
];

/** As `0005-sessions` and `0007-safe-functions` have them. */
const ERASE_AT_ONCE = [
  `create or replace function auth.erase_deleted_user(owner text) returns int
     language plpgsql security definer ${SAFE_PATH}
     as $$
     declare
       before text := coalesce(current_setting('app.user_id', true), '');
       tasks int;
       keys int;
     begin
       if not exists (select from auth.deleted_user where id = owner) then
         return 0;
       end if;
       perform set_config('app.user_id', owner, true);
       delete from public.task where owner_id = owner;
       get diagnostics tasks = row_count;
       delete from public.idempotency_key where owner_id = owner;
       get diagnostics keys = row_count;
       perform set_config('app.user_id', before, true);
       return tasks + keys;
     end $$`,
  `create or replace function auth.erase_user() returns trigger
     language plpgsql security definer ${SAFE_PATH}
     as $$
     begin
       insert into auth.deleted_user (id) values (old.id) on conflict do nothing;
       perform auth.erase_deleted_user(old.id);
       return null;
     end $$`,
];

/** New functions, each with the role that may call it. */
const FUNCTIONS: [signature: string, role: string][] = [
  ['public.look_at_clock(timestamptz, float8)', API_ROLE],
  ['public.purge_trash(int, int, timestamptz)', API_ROLE],
  ['public.purge_idempotency_keys(int, timestamptz)', API_ROLE],
  ['auth.erase_deleted_user(text, int)', IDENTITY_ROLE],
];

const SCHEMAS = ['public', 'auth'];

/** Purges that a clock which jumps cannot mislead, and accounts that go in batches. */
export class Migration0011Purges extends Migration {
  override up(): void {
    for (const create of [...CLOCK, LOOK, ...PURGES, ERASE]) this.addSql(create);
    this.addSql(`grant select, update on auth.purge_clock to ${SYSTEM_ROLE}`);
    this.addSql(`grant select on auth.purge_clock to ${IDENTITY_ROLE}`);
    this.addSql(`grant select (id) on auth."user" to ${SYSTEM_ROLE}`);
    for (const schema of SCHEMAS) this.addSql(`grant create on schema ${schema} to ${SYSTEM_ROLE}`);
    for (const [signature, role] of FUNCTIONS) {
      this.addSql(`alter function ${signature} owner to ${SYSTEM_ROLE}`);
      this.addSql(`revoke all on function ${signature} from public`);
      this.addSql(`grant execute on function ${signature} to ${role}`);
    }
    for (const replace of ERASE_LATER) this.addSql(replace);
    for (const schema of SCHEMAS) {
      this.addSql(`revoke create on schema ${schema} from ${SYSTEM_ROLE}`);
    }
  }

  override down(): void {
    for (const replace of ERASE_AT_ONCE) this.addSql(replace);
    for (const [signature] of FUNCTIONS) this.addSql(`drop function ${signature}`);
    this.addSql('drop function public.database_clock()');
    this.addSql(`revoke select (id) on auth."user" from ${SYSTEM_ROLE}`);
    this.addSql('drop table auth.purge_clock');
  }
}
