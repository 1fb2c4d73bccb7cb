import { Migration } from '@mikro-orm/migrations';
import { SAFE_SEARCH_PATH } from '../connection.js';

/** The limit of migration 0006. */
const MAX_MATCHES = 1000;

/**
 * Words of one search that are looked up in the index; the others are looked for in what was found. A
 * short word is the beginning of many terms, all of which the index has to read: the longest are taken.
 */
export const MAX_INDEXED_WORDS = 4;

/** Words of a search, each once, without those that another one begins with: they are found with it. */
export const QUERY_WORDS = `
  create function task_query_words(words text) returns text[]
    language plpgsql immutable parallel safe
    as $$
    declare
      distinct_words text[] := array(select distinct word from unnest(public.task_words(words)) as word);
    begin
      if cardinality(distinct_words) < 2 then
        return distinct_words;
      end if;
      return array(
        select word from unnest(distinct_words) as word
         where not exists (
           select from unnest(distinct_words) as longer
            where longer <> word and starts_with(longer, word))
         order by length(word) desc, word);
    end $$`;

/** Body of a function that makes a query of an owner's words, as they are folded, and tags. */
const queryOf = (words: string) => `
    declare
      prefix text := public.task_term_prefix(owner);
    begin
      return (
        select string_agg(
          '''' || replace(replace(term, '\\', '\\\\'), '''', '''''') || '''' || ending, ' & ')::tsquery
        from (
          select prefix || ':' || word, ':*' from unnest(${words}) as word
          union all
          select prefix || '#' || public.task_lower(tag), '' from unnest(tags) as tag
        ) as terms (term, ending));
    end `;

export const WORDS_QUERY = `
  create function task_words_query(owner text, words text[], tags text[]) returns tsquery
    language plpgsql immutable parallel safe
    as $$${queryOf('words')}$$`;

/** As in migration 0006, apart from the words. */
export const wanted = (words: string) => `
  create or replace function task_wanted(owner text, words text, tags text[]) returns tsquery
    language plpgsql immutable parallel safe
    as $$${queryOf(words)}$$`;

export const lookup = (declarations: string, condition: string, columns: string) => `
  create or replace function task_lookup(wanted_words text, wanted_tags text[]) returns uuid[]
    language plpgsql stable security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
    declare
      owner text := nullif(current_setting('app.user_id', true), '');
      ${declarations}
      ids uuid[];
    begin
      select array_agg(found.id) into ids from (
        select id from (
          select ${columns} from public.task where terms @@ wanted offset 0
        ) as matching where owner_id = owner${condition} limit ${MAX_MATCHES + 1}
      ) as found;
      if cardinality(ids) > ${MAX_MATCHES} then
        return null;
      end if;
      return coalesce(ids, '{}');
    end $$`;

export const LOOKUP = lookup(
  `words text[] := public.task_query_words(wanted_words);
      wanted tsquery := public.task_words_query(owner, words[:${MAX_INDEXED_WORDS}], wanted_tags);
      rest tsquery := case when cardinality(words) > ${MAX_INDEXED_WORDS}
        then public.task_words_query(owner, words[${MAX_INDEXED_WORDS + 1}:], '{}') end;`,
  ' and (rest is null or terms @@ rest)',
  'owner_id, id, terms',
);

/** `task_lookup` of migration 0007. */
const PREVIOUS_LOOKUP = lookup(
  'wanted tsquery := public.task_wanted(owner, wanted_words, wanted_tags);',
  '',
  'owner_id, id',
);

/** A search of many short words reads no more of the index than one of a few. */
export class Migration0009SearchBoundsCompatible extends Migration {
  override up(): void {
    this.addSql(QUERY_WORDS);
    this.addSql(WORDS_QUERY);
    this.addSql(wanted('public.task_query_words(words)'));
    this.addSql(LOOKUP);
  }

  override down(): void {
    this.addSql(PREVIOUS_LOOKUP);
    this.addSql(wanted('public.task_words(words)'));
    this.addSql('drop function task_words_query(text, text[], text[])');
    this.addSql('drop function task_query_words(text)');
  }
}
