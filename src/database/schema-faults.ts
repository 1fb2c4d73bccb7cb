import type { Client } from 'pg';

/** Keyed by the hash of a secret, which is found before its owner is known. */
export const ON_ONE_NODE = `('feed', 'personal_token')`;

/**
 * Query that lists what keeps a table of users' rows from being distributed by its owner, according to PostgreSQL's
 * catalogue. A function that depends on a table is found by its dependency, one that only names it by its text.
 */
const FAULTS = `
  with owned as (
    select pg_class.oid, relname::text as name, attnum
      from pg_class join pg_attribute on attrelid = pg_class.oid
     where attname = 'owner_id' and not attisdropped and relkind in ('r', 'p')
       and relname not in ${ON_ONE_NODE}
       and relnamespace in ('public'::regnamespace, 'auth'::regnamespace)
  ), functions as (
    select pg_proc.oid, pg_proc.oid::regprocedure::text as name, prosrc from pg_proc
     where pronamespace in ('public'::regnamespace, 'auth'::regnamespace)
  )
  select indexrelid::regclass::text as name, 'a key without the owner' as fault
    from pg_index join owned on owned.oid = indrelid
   where (indisunique or indisexclusion) and attnum <> all (indkey::int2[])
  union all
  select conname, 'a foreign key without the owner' from pg_constraint
    left join owned as source on source.oid = conrelid
    left join owned as target on target.oid = confrelid
   where contype = 'f' and (source.oid is not null or target.oid is not null) and not exists (
    select from unnest(conkey, confkey) as pair (from_column, to_column)
     where from_column = source.attnum and to_column = target.attnum)
  union all
  select conname, 'a foreign key that sets null or a default' from pg_constraint
    join owned on owned.oid = conrelid where contype = 'f'
     and (confdeltype in ('n', 'd') or confupdtype in ('n', 'd'))
  union all
  select tgname, 'a trigger' from pg_trigger join owned on owned.oid = tgrelid where not tgisinternal
  union all
  select polname, 'a policy with a subselect' from pg_policy join owned on owned.oid = polrelid
   where concat(polqual, polwithcheck) like '%SUBLINK%'
  union all
  select distinct functions.name, 'a function that depends on a table'
    from functions join pg_depend on objid = functions.oid and classid = 'pg_proc'::regclass
    join owned on owned.oid = refobjid and refclassid = 'pg_class'::regclass
  union all
  select distinct functions.name, 'set_config() in a function for users'' rows' from functions
   where prosrc ~ '\\mset_config\\(' and (prosrc ~ '\\mowner_id\\M' or exists (
    select from owned where prosrc ~ ('\\m' || owned.name || '\\M')))
  order by 1, 2`;

export interface Fault {
  readonly name: string;
  readonly fault: string;
}

/** Returns what keeps the schema from being distributed. */
export async function faultsOf(client: Client): Promise<Fault[]> {
  const { rows } = await client.query<Fault>(FAULTS);
  return rows;
}
