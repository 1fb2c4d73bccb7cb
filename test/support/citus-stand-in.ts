import type { Client } from 'pg';

/**
 * The part of Citus's catalogue and functions that Taskward uses, on one PostgreSQL without Citus: whatever is
 * distributed stays where it is. What Taskward sends to a cluster is so parsed, planned and executed.
 */
const STAND_IN = `
  set local allow_system_table_mods = on;
  create table pg_catalog.pg_dist_partition (logicalrelid regclass primary key);
  create table pg_catalog.pg_dist_node
    (nodename text, nodeport int, shouldhaveshards boolean, isactive boolean, noderole text);
  insert into pg_catalog.pg_dist_node values ('stand-in', 5432, true, true, 'primary');
  create view pg_catalog.citus_shards as
    select 1::bigint as shardid, nodename, nodeport from pg_catalog.pg_dist_node;
  create function pg_catalog.citus_version() returns text language sql
    as $$ select 'Citus 13.0.0, a stand-in' $$;
  create function pg_catalog.get_shard_id_for_distribution_column(regclass, text) returns bigint
    language sql as $$ select 1::bigint $$;
  create function pg_catalog.create_distributed_table
    (name regclass, key text, shard_count int default null, colocate_with text default 'default')
    returns void language sql as $$ insert into pg_catalog.pg_dist_partition values (name) $$;
  create function pg_catalog.create_distributed_function(regprocedure) returns void
    language sql as $$ select null::void $$;
  create function pg_catalog.truncate_local_data_after_distributing_table(regclass) returns void
    language sql as $$ select null::void $$;
  create function pg_catalog.undistribute_table(name regclass, cascade_via_foreign_keys boolean default false)
    returns void language sql as $$
      delete from pg_catalog.pg_dist_partition
       where logicalrelid = name or (cascade_via_foreign_keys and logicalrelid = 'public.list'::regclass)
    $$`;

/** Makes a database look as if Citus were there. */
export async function installStandIn(client: Client): Promise<void> {
  await client.query(`begin; ${STAND_IN}; commit`);
}
