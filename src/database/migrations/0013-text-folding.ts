import { Migration } from '@mikro-orm/migrations';
import { SYSTEM_ROLE } from '../connection.js';
import {
  LOOKUP,
  lookup,
  MAX_INDEXED_WORDS,
  QUERY_WORDS,
  wanted,
  WORDS_QUERY,
} from './0009-search-bounds.js';
import { folding, previousFolding } from './0013-text-folding.sql.js';
import { systemStatements } from './as-system.js';

const OTHER = 'task_other';

/** A function of words or tags, as the other folding has it. */
const otherOf = (create: string) =>
  create
    .replace('create function', 'create or replace function')
    .replaceAll(/task_(?=lower|words|query_words)/g, `${OTHER}_`);

const OTHER_FUNCTIONS = [
  'words_query(text, text[], text[])',
  'query_words(text)',
  'words(text)',
  'lower(text)',
];

const EITHER = `
  create or replace function task_either(one tsquery, other tsquery) returns tsquery
    language sql immutable parallel safe
    return case when other is null or one = other then one
      else coalesce(one || other, other) end`;

/** Finds rows by both foldings, while there are rows of both. */
const WANTED_BY_BOTH = `
  create or replace function task_wanted(owner text, words text, tags text[]) returns tsquery
    language plpgsql immutable parallel safe
    as $$
    begin
      return public.task_either(
        public.task_words_query(owner, public.task_query_words(words), tags),
        public.task_other_words_query(owner, public.task_other_query_words(words), tags));
    end $$`;

const LOOKUP_BY_BOTH = lookup(
  `words text[] := public.task_query_words(wanted_words);
      others text[] := public.task_other_query_words(wanted_words);
      wanted tsquery := public.task_either(
        public.task_words_query(owner, words[:${MAX_INDEXED_WORDS}], wanted_tags),
        public.task_other_words_query(owner, others[:${MAX_INDEXED_WORDS}], wanted_tags));
      complete tsquery := public.task_wanted(owner, wanted_words, wanted_tags);`,
  ' and terms @@ complete',
  'owner_id, id, terms',
);

/** Locks of writers of tasks; a copy of the database has a table of the same number. */
const WRITERS = `
  pg_locks where relation = 'public.task'::regclass and mode = 'RowExclusiveLock'
     and database = (select oid from pg_database where datname = current_database())`;

/** Waits for transactions that write tasks: they may have computed terms with the other folding. */
const WAIT_FOR_WRITERS = `
  do $$
  declare
    writers text[] := array(select virtualtransaction from ${WRITERS});
  begin
    while exists (select from ${WRITERS} and virtualtransaction = any (writers)) loop
      perform pg_sleep(0.01);
    end loop;
  end $$`;

/** Rows that are looked at in a transaction: one with the longest descriptions takes some seconds. */
const BATCH_SIZE = 100;

/** Less than any id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Computes terms again where they differ, of up to `batch_size` rows behind a position; returns the
 * next position, whose owner is null at the end. It acts for each owner in turn, as the role of the
 * migrations may be under row-level security. ASCII is folded as it was.
 */
const REFOLD = `
  create or replace function task_refold(inout owner text, inout previous uuid, batch_size int)
    language plpgsql
    as $$
    declare
      ids uuid[];
      stale uuid[];
    begin
      while owner is not null and batch_size > 0 loop
        perform set_config('app.user_id', owner, true);
        select array_agg(id order by id), array_agg(id) filter (where is_stale) into ids, stale
          from (
            select id, case
                when octet_length(title || coalesce(description, '') || array_to_string(tags, ''))
                   = length(title || coalesce(description, '') || array_to_string(tags, '')) then false
                else terms is distinct from public.task_terms(owner_id, title, description, tags)
              end as is_stale
              from public.task where owner_id = owner and id > previous
             order by id limit batch_size
          ) as looked_at;
        if stale is not null then
          update public.task set title = title where owner_id = owner and id = any (array(
            select id from public.task where owner_id = owner and id = any (stale)
             order by id for update));
        end if;
        if cardinality(ids) = batch_size then
          previous := ids[batch_size];
          return;
        end if;
        batch_size := batch_size - coalesce(cardinality(ids), 0) - 1;
        set local role ${SYSTEM_ROLE};
        owner := public.next_usage_owner(owner);
        reset role;
        previous := '${FIRST_ID}';
      end loop;
    end $$`;

/**
 * One folding of tags, and a search that no vowel sign or invisible character hides a word from.
 *
 * The terms of rows are computed again in batches, a transaction each: the previous version goes
 * on reading and writing, and finds by both foldings until all rows have the new one. What it writes
 * is folded by the functions that this replaces. After an interruption it all begins anew.
 */
export class Migration0013TextFoldingCompatible extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override async up(): Promise<void> {
    await this.#refold(folding, previousFolding);
  }

  override async down(): Promise<void> {
    await this.#refold(previousFolding, folding);
    await this.execute('drop function task_fold_tag(text)');
  }

  async #refold(next: typeof folding, previous: typeof folding): Promise<void> {
    const others = [previous(OTHER), otherOf(QUERY_WORDS), otherOf(WORDS_QUERY)];
    const create = [...others, next('task'), EITHER, WANTED_BY_BOTH, REFOLD];
    await this.#inTransaction([...create, ...systemStatements([LOOKUP_BY_BOTH])]);
    await this.execute(WAIT_FOR_WRITERS);
    await this.#refoldRows();
    const drop = OTHER_FUNCTIONS.map((signature) => `drop function ${OTHER}_${signature}`);
    await this.#inTransaction([
      wanted('public.task_query_words(words)'),
      ...systemStatements([LOOKUP]),
      ...drop,
      'drop function task_either(tsquery, tsquery)',
      'drop function task_refold(text, uuid, int)',
    ]);
  }

  async #refoldRows(): Promise<void> {
    let position: Record<string, unknown> | undefined = { owner: '', previous: FIRST_ID };
    while (typeof position?.['owner'] === 'string') {
      [position] = await this.execute('select owner, previous from task_refold(?, ?, ?)', [
        position['owner'],
        position['previous'],
        BATCH_SIZE,
      ]);
    }
  }

  async #inTransaction(statements: readonly string[]): Promise<void> {
    await this.driver.getConnection().transactional(async (transaction) => {
      for (const sql of statements) {
        await this.driver.execute(sql, undefined, 'all', transaction);
      }
    });
  }
}
