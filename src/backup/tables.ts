import type { Client } from 'pg';

/** A table with data, and its writable columns; names are quoted for SQL. */
interface Table {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Returns every table except that of the migrations, without generated columns. */
export async function listTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select format('%I.%I', nspname, relname) as "table",
      array_agg(quote_ident(attname) order by attnum) as columns
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    join pg_attribute on attrelid = pg_class.oid
    where nspname in ('public', 'auth') and relkind = 'r'
      and (nspname, relname) <> ('public', 'migration')
      and attnum > 0 and not attisdropped and attgenerated = ''
    group by nspname, relname order by nspname, relname`);
  return rows;
}
