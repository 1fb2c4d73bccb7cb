import { Migration } from '@mikro-orm/migrations';
import { API_ROLE, SYSTEM_ROLE } from '../connection.js';

/** More matches than this are not looked up one by one: their list is read, and filtered. */
const MOST_MATCHES = 1000;

/**
 * Terms that match these words and tags, as in `task_query`. That function is in SQL, so it is
 * planned at each call and takes ten times as long; PL/pgSQL caches its plans.
 */
const WANTED = `
  create function task_wanted(owner text, words text, tags text[]) returns tsquery
    language plpgsql immutable parallel safe
    as $$
    declare
      prefix text := public.task_term_prefix(owner);
    begin
      return (
        select string_agg(
          '''' || replace(replace(term, '\\', '\\\\'), '''', '''''') || '''' || ending, ' & ')::tsquery
        from (
          select prefix || ':' || word, ':*' from unnest(public.task_words(words)) as word
          union all
          select prefix || '#' || public.task_lower(tag), '' from unnest(tags) as tag
        ) as terms (term, ending));
    end $$`;

/**
 * The current user's matches; null when they are too many to be looked up. In place of `task_matches`
 * and `task_matches_are_many`, which the version before this one still calls.
 *
 * PL/pgSQL, as a connection keeps its plans, and a function in SQL is planned at each call. Its plan
 * knows neither the owner nor the words: only where the owner stands outside of what is fenced off
 * (`offset 0`) can it not choose the index of an owner's tasks, and read them all.
 */
const LOOKUP = `
  create function task_lookup(wanted_words text, wanted_tags text[]) returns uuid[]
    language plpgsql stable security definer set search_path = pg_catalog, public
    as $$
    declare
      owner text := nullif(current_setting('app.user_id', true), '');
      wanted tsquery := task_wanted(owner, wanted_words, wanted_tags);
      ids uuid[];
    begin
      select array_agg(found.id) into ids from (
        select id from (
          select owner_id, id from task where terms @@ wanted offset 0
        ) as matching where owner_id = owner limit ${MOST_MATCHES + 1}
      ) as found;
      if cardinality(ids) > ${MOST_MATCHES} then
        return null;
      end if;
      return coalesce(ids, '{}');
    end $$`;

const SIGNATURE = 'task_lookup(text, text[])';

/** A search is one statement. */
export class Migration0006TaskLookup extends Migration {
  override up(): void {
    this.addSql(WANTED);
    this.addSql(LOOKUP);
    this.addSql(`grant create on schema public to ${SYSTEM_ROLE}`);
    this.addSql(`alter function ${SIGNATURE} owner to ${SYSTEM_ROLE}`);
    this.addSql(`revoke create on schema public from ${SYSTEM_ROLE}`);
    this.addSql(`revoke all on function ${SIGNATURE} from public`);
    this.addSql(`grant execute on function ${SIGNATURE} to ${API_ROLE}`);
  }

  override down(): void {
    this.addSql(`drop function ${SIGNATURE}`);
    this.addSql('drop function task_wanted(text, text, text[])');
  }
}
