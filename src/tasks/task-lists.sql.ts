import type { Parameter } from '../database/index.js';
import type { Position } from '../resource/index.js';
import { ALWAYS_FITTING, MAX_PAGE_BYTES } from './page-size.js';
import type { Moment, TaskFilter } from './task-filter.js';
import { push, SHOWN_COLUMNS } from './task.mapper.js';
import { arrayLiteral } from './text-array.js';
import { dayOf, sqlInstant, startOfDay } from './time-zone.js';

/** What a list can be read in the order of; the other end of a comparison is cast to its type. */
const TYPES = {
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  priority: 'smallint',
  title_key: 'text',
  due_date: 'date',
  due_at: 'timestamptz',
} as const;

export type SortColumn = keyof typeof TYPES;

/** How a list is read, and from where: off one index. */
export interface Reading {
  readonly column: SortColumn;
  readonly descending: boolean;
  readonly after: Position | undefined;
}

/** So many times a page is gone through before matches are looked up: it costs less than that. */
const BEGINNING = 10;
/** More pages than any list has. */
const WHOLE = 1_000_000_000;

const IF_MANY = 'and (select ids is null from lookup)';

const isSearch = ({ words, tags }: TaskFilter) => words !== '' || tags.length > 0;

/** The text of a statement, in which the owner is `$1`, and its other parameters, as it is written. */
export class ListStatement {
  readonly parameters: Parameter[] = [];
  readonly #limit: string;
  readonly #isAlwaysFitting: boolean;
  /** SQL of the words and tags that are looked for; undefined: none are. */
  readonly #wanted: string | undefined;

  constructor(
    private readonly filter: TaskFilter,
    limit = 0,
  ) {
    // One row more than the page has tells whether there is a next one.
    this.#isAlwaysFitting = limit <= ALWAYS_FITTING + 1;
    this.#limit = limit > 0 ? `${this.#push(String(limit))}::int` : '';
    if (!isSearch(filter)) return;
    this.#wanted = `${this.#push(filter.words)}, ${this.#push(arrayLiteral(filter.tags))}`;
  }

  /** The first tasks in an order; by title, each row has its `title_key` behind what is shown. */
  page(reading: Reading): string {
    const { column, descending } = reading;
    const columns = column === 'title_key' ? `${SHOWN_COLUMNS}, title_key` : SHOWN_COLUMNS;
    const order = orderOf(column, descending);
    const condition = `${this.#condition()}${this.#seek(reading)}`;
    if (this.#wanted === undefined) {
      return this.#sized(columns, this.#found(columns, condition, order), order);
    }
    // Where much is found, the beginning of the list fills the page, and no more is looked for.
    const isFull = `(select count(*) from near) = ${this.#limit}`;
    const sql = `
      with near as materialized (
        ${this.#goneThrough(columns, condition, order, BEGINNING)}
      ), ${this.#lookup(`where not ${isFull}`)}
      (select * from near where ${isFull})
      union all ${this.#found(columns, condition, order)}
      order by ${order}`;
    return this.#sized(columns, sql, order);
  }

  /**
   * Tasks with a day and tasks with an instant lie in an index each, and where a day begins depends
   * on the time zone: the first of both are given, to be merged. What has no `due` comes after them.
   * Undefined: nothing can be in the list.
   */
  pageByDue(
    descending: boolean,
    after: Position | undefined,
    timeZone: string,
  ): string | undefined {
    const { hasDue, dueBefore, dueAfter } = this.filter;
    const isDated = hasDue !== false && after?.value !== null;
    const parts = isDated ? ['select * from dated'] : [];
    const withs = this.#wanted === undefined ? [] : [this.#lookup()];
    if (isDated) withs.push(`dated as materialized (${this.#dated(descending, after, timeZone)})`);
    if (hasDue !== true && dueBefore === undefined && dueAfter === undefined) {
      let condition = `${this.#condition()} and due_date is null and due_at is null`;
      if (isDated) condition += ` and (select count(*) from dated) < ${this.#limit}`;
      if (after?.value === null)
        condition += ` and id ${descending ? '<' : '>'} ${this.#push(after.id)}`;
      const order = `id ${descending ? 'desc' : 'asc'}`;
      parts.push(this.#part(condition, order));
    }
    if (parts.length === 0) return undefined;
    return `${withs.length > 0 ? `with ${withs.join(', ')} ` : ''}${parts.join(' union all ')}`;
  }

  #dated(descending: boolean, after: Position | undefined, timeZone: string): string {
    const days = this.#condition('due_date') + this.#seekDay(descending, after, timeZone);
    const instants = this.#condition('due_at') + this.#seekInstant(descending, after, timeZone);
    return [
      this.#part(days, orderOf('due_date', descending)),
      this.#part(instants, orderOf('due_at', descending)),
    ].join(' union all ');
  }

  #part(condition: string, order: string): string {
    const sql = this.#found(SHOWN_COLUMNS, condition, order);
    return this.#isAlwaysFitting ? sql : `(${this.#sized(SHOWN_COLUMNS, sql, order)})`;
  }

  /**
   * The rows of a long page up to the one with which their descriptions exceed it, so that none is
   * sent in vain. A short page is left as it is: its rows fit, and need not be added up.
   */
  #sized(columns: string, sql: string, order: string): string {
    if (this.#isAlwaysFitting) return sql;
    return `
      select ${columns} from (
        select *, sum(octet_length(description)) over (order by ${order} rows unbounded preceding)
            - coalesce(octet_length(description), 0) as bytes_before
          from (${sql}) as page
      ) as sized where coalesce(bytes_before, 0) < ${String(MAX_PAGE_BYTES)} order by ${order}`;
  }

  /** How many tasks the list has. */
  count(): string {
    if (this.#wanted === undefined) return `select count(*) from task where ${this.#condition()}`;
    const condition = this.#condition();
    return `
      with ${this.#lookup()}
      select (select count(*) from ${this.#lookedUp(condition)})
        + (select count(*) from task where ${condition} and ${this.#matches()} ${IF_MANY})`;
  }

  /** Rows from the look-up, which is null when it found too many: then the list is gone through. */
  #found(columns: string, condition: string, order: string): string {
    const end = `order by ${order} limit ${this.#limit}`;
    if (this.#wanted === undefined)
      return `(select ${columns} from task where ${condition} ${end})`;
    return `(
        select ${columns} from ${this.#lookedUp(condition)} ${end}
      ) union all (
        ${this.#goneThrough(columns, condition, order, WHOLE, IF_MANY)}
      )`;
  }

  #lookedUp(condition: string): string {
    return `lookup, unnest(ids) as match (match_id), lateral (
      select * from task where ${condition} and id = match_id offset 0
    ) as found`;
  }

  /**
   * The first matches in so many pages of the list. As PostgreSQL does not know how many when it makes
   * its plan, it makes one that reads the index in this order and stops early.
   */
  #goneThrough(
    columns: string,
    condition: string,
    order: string,
    pages: number,
    gate = '',
  ): string {
    return `
      select ${columns} from (
        select ${columns}, terms from task where ${condition}
         order by ${order} limit ${String(pages)}::bigint * ${this.#limit}
      ) as gone_through where ${this.#matches()} ${gate} order by ${order} limit ${this.#limit}`;
  }

  #lookup(condition = ''): string {
    return `lookup as materialized (select task_lookup(${this.#wanted ?? ''}) as ids ${condition})`;
  }

  #matches(): string {
    return `terms @@ (select task_wanted($1, ${this.#wanted ?? ''}))`;
  }

  /** What all tasks of the list fulfil; `due`: those of the list with one kind of it. */
  #condition(due?: 'due_date' | 'due_at'): string {
    const { completed, priorities, hasDue, dueBefore, dueAfter, trashed } = this.filter;
    let sql = `owner_id = $1 and deleted_at is ${trashed ? 'not null' : 'null'}`;
    if (completed !== undefined) sql += ` and completed_at is ${completed ? 'not null' : 'null'}`;
    if (priorities?.length === 1) sql += ` and priority = ${this.#push(String(priorities[0]))}`;
    else if (priorities)
      sql += ` and priority = any(${this.#push(arrayLiteral(priorities.map(String)))})`;
    if (due) sql += ` and ${due} is not null`;
    else if (hasDue === true) sql += ' and (due_date is not null or due_at is not null)';
    else if (hasDue === false) sql += ' and due_date is null and due_at is null';
    if (dueBefore) sql += this.#compareDue(due, '<', dueBefore);
    if (dueAfter) sql += this.#compareDue(due, '>=', dueAfter);
    return sql;
  }

  /** Compares `due` with a moment: days with its day, instants with its instant. */
  #compareDue(
    due: 'due_date' | 'due_at' | undefined,
    operator: '<' | '>=',
    { day, instant }: Moment,
  ): string {
    const days = () => `due_date ${operator} ${this.#push(day)}`;
    const instants = () => `due_at ${operator} ${this.#push(instant)}`;
    if (due === 'due_date') return ` and ${days()}`;
    return due === 'due_at' ? ` and ${instants()}` : ` and (${days()} or ${instants()})`;
  }

  /** Goes on behind a position, in the index's own order. */
  #seek({ column, descending, after }: Reading): string {
    if (after === undefined) return '';
    const type = TYPES[column];
    const value = type === 'timestamptz' ? sqlInstant(Number(after.value)) : String(after.value);
    const place = `(${this.#push(value)}::${type}, ${this.#push(after.id)}::uuid)`;
    return ` and (${column}, id) ${descending ? '<' : '>'} ${place}`;
  }

  /** The same for all-day tasks, which stand where their day begins. */
  #seekDay(descending: boolean, after: Position | undefined, zone: string): string {
    if (after === undefined) return '';
    if (isDay(after.value)) return this.#seek({ column: 'due_date', descending, after });
    const day = dayOf(Number(after.value), zone);
    if (/^\d/.test(day) && startOfDay(day, zone) === after.value)
      return this.#seek({ column: 'due_date', descending, after: { ...after, value: day } });
    // The page ended in the middle of a day: that day is behind it, or still to come.
    return ` and due_date ${descending ? '<=' : '>'} ${this.#push(day)}::date`;
  }

  /** Goes on at the instants behind a position; a day in its place is one that the zone skipped. */
  #seekInstant(descending: boolean, after: Position | undefined, zone: string): string {
    if (after === undefined || !isDay(after.value))
      return this.#seek({ column: 'due_at', descending, after });
    const next = sqlInstant(startOfDay(after.value, zone));
    return ` and due_at ${descending ? '<' : '>='} ${this.#push(next)}::timestamptz`;
  }

  #push(value: string): string {
    return push(this.parameters, value);
  }
}

const isDay = (value: Position['value'] | undefined) => typeof value === 'string';

const orderOf = (column: string, descending: boolean) =>
  descending ? `${column} desc, id desc` : `${column}, id`;
