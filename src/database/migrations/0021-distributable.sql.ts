import { SAFE_SEARCH_PATH } from '../connection.js';

/**
 * Functions over the rows of many users that a database distributed by `owner_id` can execute: each statement
 * names one owner, and writes one table. PL/pgSQL, because a table that the body of a function in SQL depends
 * on can be neither distributed nor brought back.
 */
const header = (signature: string, returns: string) => `
  create or replace function ${signature} returns ${returns}
    language plpgsql security definer set search_path = ${SAFE_SEARCH_PATH}`;

/**
 * Sets the user of the rest of the transaction. A command and not `set_config()`, which a distributed
 * database does not pass on to the servers that have the rows.
 */
export const ACT_FOR = `
  create function public.act_for(owner text) returns void
    language plpgsql set search_path = ${SAFE_SEARCH_PATH}
    as $$ begin execute format('set local app.user_id = %L', owner); end $$`;

/** Owners of up to `batch_size` rows of a table that meet a condition. */
const ownersOf = (table: string, condition: string) => `
  array(select distinct owner_id from (
    select owner_id from public.${table} where ${condition} limit batch_size
  ) as found order by owner_id)`;

/** Leaves owners who are writing for the next time; the API takes this lock in front of each write. */
const SKIP_WRITERS = `
  continue when not pg_try_advisory_xact_lock(hashtextextended(owner, 15))`;

/** Adds numbers to slot 0 of `owner`. */
const addTo = (columns: Readonly<Record<string, string>>) => {
  const names = Object.keys(columns);
  return `
  insert into public.usage as kept (owner_id, slot, ${names.join(', ')})
  values (owner, 0, ${Object.values(columns).join(', ')})
  on conflict (owner_id, slot) do update
     set ${names.map((name) => `${name} = kept.${name} + excluded.${name}`).join(', ')}`;
};

/** Deletes the history of removed rows, whose `ids` and `versions` are given, and logs an entry for each. */
const logRemoved = (type: string) => `
  delete from public.change where owner_id = owner and id = any (ids);
  insert into public.change_counter as kept (owner_id, seq) values (owner, cardinality(ids))
  on conflict (owner_id) do update set seq = kept.seq + excluded.seq
  returning seq - cardinality(ids) into last_seq;
  for number in 1 .. cardinality(ids) loop
    insert into public.change (owner_id, seq, type, id, version)
    values (owner, last_seq + number, '${type}', ids[number], versions[number]);
  end loop`;

/** Gathers the rows of `purged`, whose bytes an expression counts. */
const gather = (bytes: string) => `
  select array_agg(id order by id), array_agg(version order by id), count(*), sum(${bytes})
    into ids, versions, removed_here, removed_bytes from purged`;

/** True of a list that no task is in. */
const IS_EMPTY = `not exists (
  select from public.task where task.owner_id = list.owner_id and task.list_id = list.id
)`;

const EXPIRED = 'deleted_at < deleted_before';

/** With an expired task goes all that lies below it, which has been in the trash at least as long. */
export const PURGE_TRASH = `${header('public.purge_trash(days int, batch_size int, trusted_now timestamptz)', 'int')}
    as $$
    declare
      deleted_before timestamptz :=
        least(trusted_now, public.database_clock()) - make_interval(days => greatest(days, 1));
      owners text[] := ${ownersOf('task', EXPIRED)};
      owner text;
      ids uuid[];
      versions int[];
      last_seq bigint;
      removed_here int;
      removed_bytes bigint;
      removed int := 0;
      removed_lists int := 0;
    begin
      foreach owner in array owners loop
        exit when removed >= batch_size;
        ${SKIP_WRITERS};
        with expired as materialized (
          select id from public.task where owner_id = owner and ${EXPIRED}
          limit batch_size - removed for update skip locked
        ), subtree as materialized (
          with recursive found as (
            select id from expired
            union
            select task.id from found
              join public.task on task.owner_id = owner and task.parent_id = found.id
          ) select id from found
        ), purged as (
          delete from public.task using subtree
           where task.owner_id = owner and task.id = subtree.id and task.deleted_at is not null
          returning task.id, version, title, description, tags
        ) ${gather('public.task_bytes(title, description, tags)')};
        continue when removed_here = 0;
        ${addTo({ tasks: '-removed_here', bytes: '-removed_bytes' })};
        ${logRemoved('task.removed')};
        removed := removed + removed_here;
      end loop;
      owners := ${ownersOf('list', `${EXPIRED} and ${IS_EMPTY}`)};
      foreach owner in array owners loop
        exit when removed_lists >= batch_size;
        ${SKIP_WRITERS};
        with expired as (
          select id from public.list where owner_id = owner and ${EXPIRED} and ${IS_EMPTY}
          limit batch_size - removed_lists for update skip locked
        ), purged as (
          delete from public.list using expired
           where list.owner_id = owner and list.id = expired.id and list.deleted_at is not null
          returning list.id, version, name
        ) ${gather('public.list_bytes(name)')};
        continue when removed_here = 0;
        ${addTo({ bytes: '-removed_bytes' })};
        ${logRemoved('list.removed')};
        removed_lists := removed_lists + removed_here;
      end loop;
      return greatest(least(removed, batch_size), removed_lists);
    end $$`;

export const PURGE_KEYS = `${header('public.purge_idempotency_keys(batch_size int, trusted_now timestamptz)', 'int')}
    as $$
    declare
      created_before timestamptz :=
        least(trusted_now, public.database_clock()) - interval '24 hours';
      owners text[] := ${ownersOf('idempotency_key', 'created_at < created_before')};
      owner text;
      removed_here int;
      removed_bytes bigint;
      removed int := 0;
    begin
      foreach owner in array owners loop
        exit when removed >= batch_size;
        with expired as (
          select key from public.idempotency_key
           where owner_id = owner and created_at < created_before
           limit batch_size - removed for update skip locked
        ), purged as (
          delete from public.idempotency_key as kept using expired
           where kept.owner_id = owner and kept.key = expired.key
          returning kept.key, headers, body
        )
        select count(*), sum(public.response_bytes(key, headers, body)) into removed_here, removed_bytes from purged;
        continue when removed_here = 0;
        ${addTo({ responses: '-removed_here', response_bytes: '-removed_bytes' })};
        removed := removed + removed_here;
      end loop;
      return removed;
    end $$`;

/** Purges the oldest entries of each log, so that what is left of it has no gap. */
export const PURGE_CHANGES = `${header('public.purge_changes(days int, batch_size int, trusted_now timestamptz)', 'int')}
    as $$
    declare
      logged_before timestamptz :=
        least(trusted_now, public.database_clock()) - make_interval(days => greatest(days, 1));
      owners text[] := ${ownersOf('change', 'at < logged_before')};
      owner text;
      removed_here int;
      last_seq bigint;
      removed int := 0;
    begin
      foreach owner in array owners loop
        exit when removed >= batch_size;
        ${SKIP_WRITERS};
        with purged as (
          delete from public.change
           where owner_id = owner and seq in (
             select expired.seq from public.change as expired
              where expired.owner_id = owner and expired.at < logged_before
              order by expired.seq limit batch_size - removed)
          returning seq
        )
        select count(*), max(seq) into removed_here, last_seq from purged;
        update public.change_counter set purged_seq = greatest(purged_seq, last_seq)
         where owner_id = owner and removed_here > 0;
        removed := removed + removed_here;
      end loop;
      return removed;
    end $$`;

export const NEXT_OWNER = `${header('public.next_usage_owner(previous text)', 'text').replace('security', 'stable security')}
    as $$
    declare
      of_tasks text :=
        (select owner_id from public.task where owner_id > previous order by owner_id limit 1);
      of_lists text :=
        (select owner_id from public.list where owner_id > previous order by owner_id limit 1);
      of_usage text :=
        (select owner_id from public.usage where owner_id > previous order by owner_id limit 1);
    begin
      return least(of_tasks, of_lists, of_usage);
    end $$`;

export const RENUMBER = `${header('public.renumber_changes()', 'void')}
    as $$
    declare
      owners text[] := array(select id from auth."user");
      writers text[] := array(select owner_id from public.change_counter);
    begin
      insert into public.change_counter as kept (owner_id, seq, purged_seq)
      select distinct owner_id, 4294967296, 4294967296 from unnest(owners || writers) as owner_id
      on conflict (owner_id) do update
         set seq = kept.seq + excluded.seq, purged_seq = kept.seq + excluded.seq;
    end $$`;

export const CHANGE_HEADS = `
  create or replace function public.change_heads(owners text[])
    returns table (owner_id text, seq bigint)
    language plpgsql stable security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
    begin
      return query
      select change_counter.owner_id::text, change_counter.seq from public.change_counter
       where change_counter.owner_id = any (owners);
    end $$`;
