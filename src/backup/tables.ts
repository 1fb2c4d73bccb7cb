import type { Client } from 'pg';

/** A table whose rows are somebody's, with the columns that can be written; names as SQL wants them. */
interface Table {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Every table but that of the migrations, without the columns that PostgreSQL derives. */
export async function tablesOf(client: Client): Promise<Table[]> {
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
