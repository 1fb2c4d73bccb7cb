import { Migration } from '@mikro-orm/migrations';
import { API_ROLE, SYSTEM_ROLE } from '../connection.js';

/** Scripts that put no spaces between words, and pictures: each character is a word. */
export const ALONE =
  '\\u0e00-\\u0eff\\u1780-\\u17ff\\u2190-\\u2bff\\u2e80-\\ua4cf\\uf900-\\ufaff\\U0001f000-\\U0003ffff';

/**
 * Characters of words, beside those above: letters, digits, and the vowel signs of India's scripts.
 */
export const WORD = `[:alnum:]\\u0900-\\u0dff${ALONE}`;

/**
 * Columns and indexes for sorting, searching and filtering: two columns that PostgreSQL generates,
 * so that no writer can forget them, and an index for each order.
 *
 * The collation is named, because that of the database may know no letters beyond ASCII: the
 * built-in one where there is one (PostgreSQL 17), and ICU's before.
 */
const FOLDING = `
  do $do$
  declare
    letters text := case when exists (select from pg_collation where collname = 'pg_c_utf8')
      then 'pg_c_utf8' else 'und-x-icu' end;
  begin
    execute format($sql$
      create function task_lower(text) returns text
        language sql immutable strict parallel safe return lower($1 collate %1$I);

      create function task_fold(text) returns text
        language sql immutable strict parallel safe
        return replace(replace(replace(translate(
          lower(regexp_replace(normalize($1, NFKD), '[\\u0300-\\u036f]', '', 'g') collate %1$I),
          'øłđħıŧς', 'oldhitσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');

      create function task_words(text) returns text[]
        language sql immutable strict parallel safe
        return array_remove(regexp_split_to_array(regexp_replace(
          regexp_replace(task_fold($1) collate %1$I, '([${ALONE}])', ' \\1 ', 'g'),
          '([${WORD}]{64})[${WORD}]+', '\\1', 'g'),
          '[^${WORD}]+'), '')
    $sql$, letters);
  end
  $do$`;

/**
 * Terms begin with a digest of their owner: among the keys of one index the words of one user lie
 * together, and a prefix reads no one else's.
 *
 * What each write computes is PL/pgSQL, whose plans a connection keeps: as SQL functions the same cost
 * twice as much. Unlike those they find other functions by name, so the schema is named.
 */
export const TERMS = [
  `create function task_title_key(title text) returns text
     language plpgsql immutable strict parallel safe
     as $$ begin return left(public.task_fold(title), 255); end $$`,
  `create function task_term_prefix(owner_id text) returns text
     language sql immutable strict parallel safe
     return left(encode(sha256(convert_to(owner_id, 'UTF8')), 'base64'), 8)`,
  `create function task_terms(owner_id text, title text, description text, tags text[])
     returns tsvector
     language plpgsql immutable parallel safe
     as $$
     declare
       prefix text := public.task_term_prefix(owner_id);
     begin
       return array_to_tsvector(
         array(select prefix || ':' || word
           from unnest(public.task_words(title || ' ' || coalesce(description, ''))) word)
         || array(select prefix || '#' || public.task_lower(tag) from unnest(tags) tag));
     end $$`,
  `create function task_query(owner_id text, words text, tags text[]) returns tsquery
     language sql immutable parallel safe
     begin atomic
       select string_agg(
         '''' || replace(replace(term, '\\', '\\\\'), '''', '''''') || '''' || ending, ' & ')::tsquery
       from (
         select task_term_prefix(owner_id) || ':' || word, ':*' from unnest(task_words(words)) word
         union all
         select task_term_prefix(owner_id) || '#' || task_lower(tag), '' from unnest(tags) tag
       ) as terms(term, ending);
     end`,
];

/** More matches than this are not looked up one by one: their list is read, and filtered. */
const MOST_MATCHES = 1000;

const MATCHING = `
  task.owner_id = nullif(current_setting('app.user_id', true), '')
  and task.terms @@ task_query(
    nullif(current_setting('app.user_id', true), ''), wanted_words, wanted_tags)`;

/**
 * Row-level security lets only leakproof operators use an index, and those of text search are not.
 * So these functions, whose owner's policy sees every row, look the current user's matches up. They
 * give ids alone: the rows are read under the policy of the API's role.
 */
export const SEARCH = [
  `create function task_matches(wanted_words text, wanted_tags text[]) returns setof uuid
     language sql stable security definer rows 50 set search_path = pg_catalog, public
     begin atomic
       with found as materialized (
         select task.id from task where ${MATCHING} limit ${MOST_MATCHES + 1}
       )
       select id from found where (select count(*) from found) <= ${MOST_MATCHES};
     end`,
  `create function task_matches_are_many(wanted_words text, wanted_tags text[]) returns boolean
     language sql stable security definer set search_path = pg_catalog, public
     begin atomic
       select exists (select from task where ${MATCHING} offset ${MOST_MATCHES});
     end`,
] as const;

/** Removes for good what has been in the trash for so long, at most so many; says how many went. */
export const PURGE = `
  create function purge_trash(days int, most int) returns int
    language sql volatile security definer set search_path = pg_catalog, public
    begin atomic
      with expired as (
        select owner_id, id from task where deleted_at < now() - make_interval(days => greatest(days, 1))
        limit most for update skip locked
      ), purged as (
        delete from task using expired
        where task.owner_id = expired.owner_id and task.id = expired.id and task.deleted_at is not null
        returning 1
      )
      select count(*)::int from purged;
    end`;

const SYSTEM_FUNCTIONS = [
  'task_matches(text, text[])',
  'task_matches_are_many(text, text[])',
  'purge_trash(int, int)',
];

const LIVE = 'deleted_at is null';

/** Name, columns after the owner, condition. Each is read forwards and backwards. */
export const INDEXES: [name: string, columns: string, condition: string][] = [
  ['updated', 'updated_at, id', LIVE],
  ['title', 'title_key, id', LIVE],
  ['priority', 'priority, id', LIVE],
  ['due_date', 'due_date, id', `${LIVE} and due_date is not null`],
  ['due_at', 'due_at, id', `${LIVE} and due_at is not null`],
  ['no_due', 'id', `${LIVE} and due_date is null and due_at is null`],
  ['open', 'created_at, id', `${LIVE} and completed_at is null`],
  ['completed', 'created_at, id', `${LIVE} and completed_at is not null`],
  ['priority_created', 'priority, created_at, id', LIVE],
  ['trash', 'created_at, id', 'deleted_at is not null'],
];

export class Migration0003TaskLists extends Migration {
  override up(): void {
    for (const create of [FOLDING, ...TERMS]) this.addSql(create);
    this.addSql(`
      alter table task
        add title_key text collate "C" not null
          generated always as (task_title_key(title)) stored,
        add terms tsvector not null
          generated always as (task_terms(owner_id, title, description, tags)) stored`);
    for (const [name, columns, condition] of INDEXES) {
      this.addSql(
        `create index task_owner_${name}_index on task (owner_id, ${columns}) where ${condition}`,
      );
    }
    this.addSql('create index task_terms_index on task using gin (terms) with (fastupdate = off)');
    this.addSql(
      'create index task_deleted_index on task (deleted_at) where deleted_at is not null',
    );
    this.#addSystemFunctions();
    // Signs cursors, the same at every instance.
    this.addSql('create table cursor_key (key bytea not null)');
    this.addSql(`
      insert into cursor_key (key)
      select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))`);
    this.addSql(`grant select on cursor_key to ${API_ROLE}`);
  }

  #addSystemFunctions(): void {
    this.addSql(`create policy task_system on task for select to ${SYSTEM_ROLE} using (true)`);
    this.addSql(`
      create policy task_purge on task for delete to ${SYSTEM_ROLE} using (deleted_at is not null)`);
    this.addSql(`
      create policy task_purge_lock on task for update to ${SYSTEM_ROLE}
        using (deleted_at is not null) with check (false)`);
    this.addSql(`grant usage, create on schema public to ${SYSTEM_ROLE}`);
    this.addSql(`grant select, update, delete on task to ${SYSTEM_ROLE}`);
    for (const create of [...SEARCH, PURGE]) this.addSql(create);
    for (const signature of SYSTEM_FUNCTIONS) {
      this.addSql(`alter function ${signature} owner to ${SYSTEM_ROLE}`);
      this.addSql(`revoke all on function ${signature} from public`);
      this.addSql(`grant execute on function ${signature} to ${API_ROLE}`);
    }
    this.addSql(`revoke create on schema public from ${SYSTEM_ROLE}`);
  }

  override down(): void {
    this.addSql('drop table cursor_key');
    for (const signature of SYSTEM_FUNCTIONS) this.addSql(`drop function ${signature}`);
    for (const policy of ['task_system', 'task_purge', 'task_purge_lock']) {
      this.addSql(`drop policy ${policy} on task`);
    }
    this.addSql(`revoke all on task from ${SYSTEM_ROLE}`);
    this.addSql(`revoke usage on schema public from ${SYSTEM_ROLE}`);
    this.addSql('drop index task_deleted_index');
    for (const [name] of INDEXES) this.addSql(`drop index task_owner_${name}_index`);
    this.addSql('alter table task drop column terms, drop column title_key');
    this.addSql('drop function task_title_key(text)');
    this.addSql('drop function task_query(text, text, text[])');
    this.addSql('drop function task_terms(text, text, text, text[])');
    this.addSql('drop function task_term_prefix(text)');
    this.addSql('drop function task_words(text)');
    this.addSql('drop function task_fold(text)');
    this.addSql('drop function task_lower(text)');
  }
}
