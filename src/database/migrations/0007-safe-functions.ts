import { Migration } from '@mikro-orm/migrations';
import { SAFE_SEARCH_PATH } from '../connection.js';

/** The search path that each function had before. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  'public.task_matches(text, text[])': 'pg_catalog, public',
  'public.task_matches_are_many(text, text[])': 'pg_catalog, public',
  'public.purge_trash(int, int)': 'pg_catalog, public',
  'public.purge_idempotency_keys(int)': 'pg_catalog, public',
  'public.task_lookup(text, text[])': 'pg_catalog, public',
  'auth.erase_user()': 'pg_catalog',
  'auth.erase_deleted_user(text)': 'pg_catalog',
  'auth.revoke_session()': 'pg_catalog',
  'auth.tell_keys_changed()': 'pg_catalog',
};

/** The limit of migration 0006. */
const MAX_MATCHES = 1000;

/** `task_lookup` of migration 0006; the body of a PL/pgSQL function finds names when it runs. */
function lookup(schema: string, searchPath: string): string {
  return `
  create or replace function task_lookup(wanted_words text, wanted_tags text[]) returns uuid[]
    language plpgsql stable security definer set search_path = ${searchPath}
    as $$
    declare
      owner text := nullif(current_setting('app.user_id', true), '');
      wanted tsquery := ${schema}task_wanted(owner, wanted_words, wanted_tags);
      ids uuid[];
    begin
      select array_agg(found.id) into ids from (
        select id from (
          select owner_id, id from ${schema}task where terms @@ wanted offset 0
        ) as matching where owner_id = owner limit ${MAX_MATCHES + 1}
      ) as found;
      if cardinality(ids) > ${MAX_MATCHES} then
        return null;
      end if;
      return coalesce(ids, '{}');
    end $$`;
}

/**
 * A search path that does not name `pg_temp` has it in front: a caller's temporary table would take
 * the place of ours in a function that runs with the rights of its owner.
 *
 * https://www.postgresql.org/docs/18/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
 */
export class Migration0007SafeFunctions extends Migration {
  override up(): void {
    this.addSql(lookup('public.', SAFE_SEARCH_PATH));
    for (const signature of Object.keys(FUNCTIONS)) {
      this.addSql(`alter function ${signature} set search_path = ${SAFE_SEARCH_PATH}`);
    }
  }

  override down(): void {
    this.addSql(lookup('', FUNCTIONS['public.task_lookup(text, text[])'] ?? ''));
    for (const [signature, searchPath] of Object.entries(FUNCTIONS)) {
      this.addSql(`alter function ${signature} set search_path = ${searchPath}`);
    }
  }
}
