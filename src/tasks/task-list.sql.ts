import type { InferKyselyDB } from '@mikro-orm/postgresql';
import { type Expression, expressionBuilder, type RawBuilder, sql, type SqlBool } from 'kysely';
import type { Placeholders } from '../resource/index.js';
import { MAX_PAGE_BYTES } from './page-size.js';
import type { TaskSchema } from './task.entity.js';

type Tables = InferKyselyDB<typeof TaskSchema>;
type Column = keyof Tables['task'];

/** Sort columns, each with the type to which the position of a cursor is cast. */
const TYPES = {
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  priority: 'smallint',
  title_key: 'text',
  due_date: 'date',
  due_at: 'timestamptz',
  position: 'text',
} as const satisfies Partial<Record<Column, string>>;

export type SortColumn = keyof typeof TYPES;

/** Ids that a column is compared with; `none` is among them for tasks that have no value. */
export type IdsShape = 'none' | 'one' | 'some' | 'some or none';

/** The parts of a filter that determine the SQL of a list. */
export interface ListShape {
  readonly trashed: boolean;
  readonly completed: boolean | undefined;
  readonly priorities: 'one' | 'some' | undefined;
  readonly lists: IdsShape | undefined;
  readonly parents: IdsShape | undefined;
  readonly isSearch: boolean;
  /** Whether the matches of the search are known: a distributed database looks nothing up within a statement. */
  readonly isLookedUp: boolean;
  readonly hasDue: boolean | undefined;
  readonly dueBefore: boolean;
  readonly dueAfter: boolean;
  /** Whether every page fits in a response, however long its strings are. */
  readonly isAlwaysFitting: boolean;
}

/** The order of a page, read from one index, and whether it starts after a position. */
export interface PageShape {
  readonly column: SortColumn;
  readonly descending: boolean;
  readonly after: boolean;
}

/**
 * A page by `due`, after a position. The time zone determines when a day starts, so a position is one
 * among days and another one among instants.
 */
export interface DuePageShape {
  readonly descending: boolean;
  /** Whether the page may contain tasks with a `due`, and tasks without. */
  readonly isDated: boolean;
  readonly isUndated: boolean;
  /** After a task of the day, or at the day's boundary. */
  readonly day: 'task' | 'day' | undefined;
  /** After a task at the instant, or from the instant on. */
  readonly instant: 'task' | 'instant' | undefined;
  /** After a task without a `due`. */
  readonly none: 'task' | undefined;
}

export type ListParameter =
  | 'limit'
  | 'words'
  | 'tags'
  | 'matches'
  | 'priorities'
  | 'lists'
  | 'parents'
  | 'dueBeforeDay'
  | 'dueBeforeInstant'
  | 'dueAfterDay'
  | 'dueAfterInstant'
  | 'afterValue'
  | 'afterDay'
  | 'afterInstant'
  | 'afterId';

/** Maximum number of pages to read before the matches are looked up, which costs more. */
const MAX_PAGES_READ_FIRST = 10;
/** Exceeds the number of pages of any list. */
const ALL_PAGES = 1_000_000_000;

const eb = expressionBuilder<Tables, 'task'>();

type Condition = Expression<SqlBool>;
type Sql = RawBuilder<unknown>;

/** The SQL of a list of tasks. */
export class TaskListSql {
  readonly #limit: Sql;
  readonly #wanted: Sql;
  readonly #isMatch: Sql;

  constructor(
    private readonly shape: ListShape,
    private readonly parameters: Placeholders<ListParameter>,
    private readonly shown: Sql,
  ) {
    const { ownerId, limit, words, tags } = parameters;
    this.#limit = sql`${limit}::int`;
    this.#wanted = sql`${words}, ${tags}`;
    this.#isMatch = sql`terms @@ (select task_wanted(${ownerId}, ${this.#wanted}))`;
  }

  /** Returns the first tasks in an order; by title, each row ends with its `title_key`. */
  page({ column, descending, after }: PageShape): Sql {
    const columns = column === 'title_key' ? sql`${this.shown}, title_key` : this.shown;
    const order = orderBy(column, descending);
    const seek = after ? [this.#isAfter(column, descending, this.parameters.afterValue)] : [];
    const condition = eb.and([...this.#conditions(), ...seek]);
    if (!this.shape.isSearch)
      return this.#cut(columns, this.#found(columns, condition, order), order);
    // If many tasks match, the first pages of the list fill this one, and nothing is looked up.
    const isFull = sql`(select count(*) from near) = ${this.#limit}`;
    const first = this.#scan(columns, condition, order, MAX_PAGES_READ_FIRST);
    const found = sql`
      with near as materialized (${first}), ${this.#lookup(sql`where not ${isFull}`)}
      (select * from near where ${isFull})
      union all ${this.#found(columns, condition, order)}
      order by ${order}`;
    return this.#cut(columns, found, order);
  }

  /**
   * Tasks with a day and tasks with an instant each have an index, and the start of a day depends on
   * the time zone: the first rows of both are returned, to be merged. Tasks without a `due` follow.
   */
  pageByDue(page: DuePageShape): Sql {
    const { descending, isDated, isUndated } = page;
    const withs = this.shape.isSearch ? [this.#lookup()] : [];
    if (isDated) withs.push(sql`dated as materialized (${this.#dated(page)})`);
    const parts = isDated ? [sql`select * from dated`] : [];
    if (isUndated) {
      const conditions = [
        ...this.#conditions(),
        eb('due_date', 'is', null),
        eb('due_at', 'is', null),
      ];
      if (isDated) conditions.push(sql`(select count(*) from dated) < ${this.#limit}`);
      if (page.none) conditions.push(eb('id', descending ? '<' : '>', this.parameters.afterId));
      parts.push(this.#part(eb.and(conditions), sql`id ${direction(descending)}`));
    }
    const union = sql.join(parts, sql` union all `);
    return withs.length > 0 ? sql`with ${sql.join(withs)} ${union}` : union;
  }

  /** Returns the number of tasks in the list. */
  count(): Sql {
    const condition = eb.and(this.#conditions());
    if (!this.shape.isSearch) return sql`select count(*) from task where ${condition}`;
    return sql`
      with ${this.#lookup()}
      select (select count(*) from ${this.#lookedUp(condition)})
        + (select count(*) from task where ${condition} and ${this.#isMatch} and ${HAS_TOO_MANY})`;
  }

  #dated({ descending, day, instant }: DuePageShape): Sql {
    const { afterDay, afterInstant } = this.parameters;
    const days = this.#conditions('due_date');
    if (day === 'task') days.push(this.#isAfter('due_date', descending, afterDay));
    if (day === 'day')
      days.push(sql`due_date ${sql.raw(descending ? '<=' : '>')} ${afterDay}::date`);
    const instants = this.#conditions('due_at');
    if (instant === 'task') instants.push(this.#isAfter('due_at', descending, afterInstant));
    if (instant === 'instant')
      instants.push(sql`due_at ${sql.raw(descending ? '<' : '>=')} ${afterInstant}::timestamptz`);
    return sql`
      ${this.#part(eb.and(days), orderBy('due_date', descending))}
      union all ${this.#part(eb.and(instants), orderBy('due_at', descending))}`;
  }

  #part(condition: Condition, order: Sql): Sql {
    const found = this.#found(this.shown, condition, order);
    return this.shape.isAlwaysFitting ? found : sql`(${this.#cut(this.shown, found, order)})`;
  }

  /**
   * Ends a long page after the row whose description exceeds the maximum size, so that no further rows
   * are sent. A short page always fits, and its sizes need not be added up.
   */
  #cut(columns: Sql, found: Sql, order: Sql): Sql {
    if (this.shape.isAlwaysFitting) return found;
    return sql`
      select ${columns} from (
        select *, sum(octet_length(description)) over (order by ${order} rows unbounded preceding)
            - coalesce(octet_length(description), 0) as bytes_before
          from (${found}) as page
      ) as task where coalesce(bytes_before, 0) < ${sql.lit(MAX_PAGE_BYTES)} order by ${order}`;
  }

  /** Rows of the look-up; if it found too many, it is null and the list is scanned. */
  #found(columns: Sql, condition: Condition, order: Sql): Sql {
    const end = sql`order by ${order} limit ${this.#limit}`;
    if (!this.shape.isSearch) return sql`(select ${columns} from task where ${condition} ${end})`;
    return sql`(
        select ${columns} from ${this.#lookedUp(condition)} ${end}
      ) union all (
        ${this.#scan(columns, condition, order, ALL_PAGES, sql`and ${HAS_TOO_MANY}`)}
      )`;
  }

  #lookedUp(condition: Condition): Sql {
    return sql`lookup, unnest(ids) as match (match_id), lateral (
      select * from task where ${condition} and id = match_id offset 0
    ) as task`;
  }

  /**
   * Returns the first matches within a number of pages of the list. PostgreSQL does not know that number
   * when it plans, so its plan reads the index in this order and stops early.
   */
  #scan(columns: Sql, condition: Condition, order: Sql, pages: number, gate: Sql = sql``): Sql {
    return sql`
      select ${columns} from (
        select * from task where ${condition}
         order by ${order} limit ${sql.lit(pages)}::bigint * ${this.#limit}
      ) as task where ${this.#isMatch} ${gate} order by ${order} limit ${this.#limit}`;
  }

  #lookup(condition: Sql = sql``): Sql {
    const { matches, words, tags } = this.parameters;
    const ids = this.shape.isLookedUp ? sql`${matches}::uuid[]` : lookupSql(words, tags);
    return sql`lookup as materialized (select ${ids} as ids ${condition})`;
  }

  /** Returns the conditions of the filter; with `due`, for tasks that have that column. */
  #conditions(due?: 'due_date' | 'due_at'): Condition[] {
    const { trashed, completed, priorities, lists, parents, hasDue } = this.shape;
    const { ownerId, priorities: wanted } = this.parameters;
    const conditions: Condition[] = [
      eb('owner_id', '=', ownerId),
      eb('deleted_at', trashed ? 'is not' : 'is', null),
    ];
    if (completed !== undefined)
      conditions.push(eb('completed_at', completed ? 'is not' : 'is', null));
    if (priorities === 'one') conditions.push(eb('priority', '=', wanted));
    if (priorities === 'some') conditions.push(eb('priority', '=', sql<never>`any(${wanted})`));
    if (lists) conditions.push(isAmong('list_id', lists, this.parameters.lists));
    if (parents) conditions.push(isAmong('parent_id', parents, this.parameters.parents));
    const isDated = eb.or([eb('due_date', 'is not', null), eb('due_at', 'is not', null)]);
    if (due) conditions.push(eb(due, 'is not', null));
    else if (hasDue === true) conditions.push(isDated);
    else if (hasDue === false)
      conditions.push(eb('due_date', 'is', null), eb('due_at', 'is', null));
    return [...conditions, ...this.#dueConditions(due)];
  }

  /** Compares days with a moment's day, and instants with its instant. */
  #dueConditions(due?: 'due_date' | 'due_at'): Condition[] {
    const { dueBefore, dueAfter } = this.shape;
    const { dueBeforeDay, dueBeforeInstant, dueAfterDay, dueAfterInstant } = this.parameters;
    const compare = (operator: '<' | '>=', day: RawBuilder<never>, instant: RawBuilder<never>) => {
      if (due === 'due_date') return eb('due_date', operator, day);
      if (due === 'due_at') return eb('due_at', operator, instant);
      return eb.or([eb('due_date', operator, day), eb('due_at', operator, instant)]);
    };
    return [
      ...(dueBefore ? [compare('<', dueBeforeDay, dueBeforeInstant)] : []),
      ...(dueAfter ? [compare('>=', dueAfterDay, dueAfterInstant)] : []),
    ];
  }

  /** True for the rows after a position, in the order of the index. */
  #isAfter(column: SortColumn, descending: boolean, value: RawBuilder<never>): Condition {
    const operator = sql.raw(descending ? '<' : '>');
    const position = sql`(${value}::${sql.raw(TYPES[column])}, ${this.parameters.afterId}::uuid)`;
    return sql`(${eb.ref(column)}, id) ${operator} ${position}`;
  }
}

/** Calls the function that returns the ids of the tasks with words and tags; null if they are too many. */
export const lookupSql = (words: Sql, tags: Sql): Sql => sql`task_lookup(${words}, ${tags})`;

const HAS_TOO_MANY = sql`(select ids is null from lookup)`;

const direction = (descending: boolean) => sql.raw(descending ? 'desc' : 'asc');

function isAmong(
  column: 'list_id' | 'parent_id',
  shape: IdsShape,
  ids: RawBuilder<never>,
): Condition {
  if (shape === 'one') return eb(column, '=', ids);
  const parts: Condition[] = [];
  if (shape !== 'none') parts.push(eb(column, '=', sql<never>`any(${ids})`));
  if (shape !== 'some') parts.push(eb(column, 'is', null));
  return eb.or(parts);
}

const orderBy = (column: SortColumn, descending: boolean): Sql =>
  sql`${eb.ref(column)} ${direction(descending)}, id ${direction(descending)}`;
