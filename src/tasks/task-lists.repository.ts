import { raw } from '@mikro-orm/core';
import { InjectRepository } from '@mikro-orm/nestjs';
import { EntityRepository, type QueryBuilder } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { OwnerId } from '../common/owner-id.js';
import { asOwner } from '../database/index.js';
import type { Position } from './cursor.js';
import type { Sort } from './list-tasks.query.js';
import { SHOWN_COLUMNS, Task } from './task.entity.js';
import type { Moment, TaskFilter } from './task-filter.js';
import { arrayLiteral } from './text-array.js';
import { dayOf, sqlInstant, startOfDay } from './time-zone.js';

/** A part of a list: how it is sorted, from where, and how much of it. */
export interface TaskSlice {
  readonly sort: Sort;
  readonly timeZone: string;
  readonly after: Position | undefined;
  readonly limit: number;
}

/** A task with its place in the list. */
export interface PlacedTask {
  readonly task: Task;
  readonly position: Position;
}

type Tasks = QueryBuilder<Task>;
type Column = 'createdAt' | 'updatedAt' | 'priority' | 'titleKey' | 'dueDate' | 'dueAt';

/** The column and its SQL; the other end of a comparison is cast to what the column is. */
const SQL = {
  createdAt: ['created_at', 'timestamptz'],
  updatedAt: ['updated_at', 'timestamptz'],
  priority: ['priority', 'smallint'],
  titleKey: ['title_key', 'text'],
  dueDate: ['due_date', 'date'],
  dueAt: ['due_at', 'timestamptz'],
} as const satisfies Record<Column, readonly [string, string]>;

/** A search may find so many tasks that they are not looked up: see `search`. */
type Selection = TaskFilter & { readonly many?: boolean };

const NOT_NULL = { $ne: null };

/**
 * Reads lists. As in `TasksRepository` the owner comes first, is in the condition of every statement,
 * and is told to PostgreSQL with it. A page is one statement, read off an index from where the page
 * before it ended.
 */
@Injectable()
export class TaskListsRepository {
  constructor(@InjectRepository(Task) private readonly tasks: EntityRepository<Task>) {}

  /** The first tasks of the list behind `after`, in order. */
  async list(ownerId: OwnerId, filter: TaskFilter, slice: TaskSlice): Promise<PlacedTask[]> {
    const page = await this.#list(ownerId, filter, slice);
    if (page.length > 0 || !isSearch(filter)) return page;
    return this.#list(ownerId, { ...filter, many: true }, slice);
  }

  /** How many tasks the whole list has. */
  async count(ownerId: OwnerId, filter: TaskFilter): Promise<number> {
    const total = await this.#count(ownerId, filter);
    if (total > 0 || !isSearch(filter)) return total;
    return this.#count(ownerId, { ...filter, many: true });
  }

  /** What cursors are signed with; one for all instances. */
  async cursorKey(): Promise<Buffer> {
    const connection = this.tasks.getEntityManager().getConnection();
    const rows = await connection.execute<{ key: Buffer }[]>('select key from cursor_key');
    const [row] = rows;
    if (row === undefined) throw new Error('The table cursor_key is empty.');
    return row.key;
  }

  async #count(ownerId: OwnerId, filter: Selection): Promise<number> {
    const tasks = this.#filtered(ownerId, filter).select(raw('count(*)::int as total'));
    const { total } = await asOwner(ownerId, () => tasks.execute<{ total: number }>('get', false));
    return total;
  }

  async #list(ownerId: OwnerId, filter: Selection, slice: TaskSlice): Promise<PlacedTask[]> {
    const { field, descending } = directionOf(slice.sort);
    if (field === 'due') return this.#listByDue(ownerId, filter, slice, descending);
    const column = field === 'title' ? 'titleKey' : field;
    const page = this.#page(ownerId, filter, slice.limit, column, descending);
    if (slice.after) seek(page, column, descending, slice.after);
    const rows = await this.#run(ownerId, page);
    return rows.map((task) => ({ task, position: { value: valueOf(task[column]), id: task.id } }));
  }

  /**
   * Tasks with a day and tasks with an instant lie in an index each, and where a day begins depends
   * on the time zone: the first of both are read and merged. What has no `due` comes after them.
   */
  async #listByDue(
    ownerId: OwnerId,
    filter: Selection,
    slice: TaskSlice,
    descending: boolean,
  ): Promise<PlacedTask[]> {
    const { after, limit, timeZone } = slice;
    const placed: PlacedTask[] = [];
    if (filter.hasDue !== false && after?.value !== null) {
      const days = this.#page(ownerId, filter, limit, 'dueDate', descending);
      const instants = this.#page(ownerId, filter, limit, 'dueAt', descending);
      if (after) {
        seekDay(days, descending, after, timeZone);
        seek(instants, 'dueAt', descending, after);
      }
      const rows = await this.#run(ownerId, days.unionAll(instants));
      placed.push(...merge(rows, timeZone, descending).slice(0, limit));
    }
    const isDated = filter.dueBefore ?? filter.dueAfter ?? filter.hasDue;
    if (placed.length === limit || (isDated !== undefined && isDated !== false)) return placed;
    const undated = this.#filtered(ownerId, filter).andWhere({ dueDate: null, dueAt: null });
    if (after?.value === null) void undated.andWhere(`id ${descending ? '<' : '>'} ?`, [after.id]);
    const page = undated
      .select(SHOWN_COLUMNS)
      .orderBy({ id: descending ? 'desc' : 'asc' })
      .limit(limit - placed.length);
    const rows = await this.#run(ownerId, page as Tasks);
    return [...placed, ...rows.map((task) => ({ task, position: { value: null, id: task.id } }))];
  }

  #page(ownerId: OwnerId, filter: Selection, limit: number, column: Column, descending: boolean) {
    const direction = descending ? 'desc' : 'asc';
    const isDue = column === 'dueDate' || column === 'dueAt';
    return this.#filtered(ownerId, filter, isDue ? column : undefined)
      .select(column === 'titleKey' ? [...SHOWN_COLUMNS, 'titleKey'] : SHOWN_COLUMNS)
      .orderBy([{ [column]: direction }, { id: direction }])
      .limit(limit) as Tasks;
  }

  /** The tasks that pass the filter; of them all, or only those with one kind of `due`. */
  #filtered(ownerId: OwnerId, filter: Selection, due?: 'dueDate' | 'dueAt') {
    const { completed, priorities, hasDue, dueBefore, dueAfter, trashed } = filter;
    const tasks = this.tasks.createQueryBuilder().where({
      ownerId,
      deletedAt: trashed ? NOT_NULL : null,
      ...(completed !== undefined && { completedAt: completed ? NOT_NULL : null }),
      ...(priorities && { priority: { $in: [...priorities] } }),
      ...(due && { [due]: NOT_NULL }),
      ...(hasDue === false && { dueDate: null, dueAt: null }),
    });
    if (hasDue === true && !due)
      void tasks.andWhere('(due_date is not null or due_at is not null)');
    if (dueBefore) compareDue(tasks, due, '<', dueBefore);
    if (dueAfter) compareDue(tasks, due, '>=', dueAfter);
    if (isSearch(filter)) search(tasks, ownerId, filter);
    return tasks;
  }

  #run(ownerId: OwnerId, query: Tasks): Promise<Task[]> {
    return asOwner(ownerId, () => query.execute<Task[]>('all'));
  }
}

function directionOf(sort: Sort) {
  const descending = sort.startsWith('-');
  return { descending, field: (descending ? sort.slice(1) : sort) as Exclude<Sort, `-${string}`> };
}

const valueOf = (value: Date | string | number): number | string =>
  value instanceof Date ? value.getTime() : value;

const isSearch = ({ words, tags }: TaskFilter) => words !== '' || tags.length > 0;

/**
 * Words and tags. The few tasks that match are looked up in an index. When they are many, that finds
 * none, and a second try reads the list in its order, from which a page is soon full.
 */
function search(
  tasks: Pick<Tasks, 'andWhere'>,
  ownerId: OwnerId,
  { words, tags, many = false }: Selection,
): void {
  const wanted = [words, arrayLiteral(tags)];
  if (!many) {
    void tasks.andWhere('id in (select task_matches(?, ?))', wanted);
    return;
  }
  void tasks.andWhere('(select task_matches_are_many(?, ?))', wanted);
  void tasks.andWhere('terms @@ task_query(?, ?, ?)', [ownerId, ...wanted]);
}

/** Compares `due` with a moment: days with its day, instants with its instant. */
function compareDue(
  tasks: Pick<Tasks, 'andWhere'>,
  due: 'dueDate' | 'dueAt' | undefined,
  operator: '<' | '>=',
  { day, instant }: Moment,
): void {
  if (due === undefined)
    void tasks.andWhere(`(due_date ${operator} ? or due_at ${operator} ?)`, [day, instant]);
  else if (due === 'dueDate') void tasks.andWhere(`due_date ${operator} ?`, [day]);
  else void tasks.andWhere(`due_at ${operator} ?`, [instant]);
}

/** Goes on behind a position, in the index's own order. */
function seek(page: Tasks, column: Column, descending: boolean, { value, id }: Position): void {
  const [name, type] = SQL[column];
  const place = type === 'timestamptz' ? sqlInstant(Number(value)) : value;
  void page.andWhere(`(${name}, id) ${descending ? '<' : '>'} (?::${type}, ?)`, [place, id]);
}

/** The same for all-day tasks, which stand where their day begins. */
function seekDay(page: Tasks, descending: boolean, { value, id }: Position, zone: string): void {
  const day = dayOf(Number(value), zone);
  if (/^\d/.test(day) && startOfDay(day, zone) === value) {
    seek(page, 'dueDate', descending, { value: day, id });
  } else {
    // The page ended in the middle of a day: that day is behind it, or still to come.
    void page.andWhere(`due_date ${descending ? '<=' : '>'} ?::date`, [day]);
  }
}

function merge(rows: readonly Task[], timeZone: string, descending: boolean): PlacedTask[] {
  const sign = descending ? -1 : 1;
  const placed = rows.map((task) => {
    const value = task.dueDate ? startOfDay(task.dueDate, timeZone) : Number(task.dueAt);
    return { task, position: { value, id: task.id } };
  });
  return placed.sort(
    ({ position: a }, { position: b }) => sign * (a.value - b.value || (a.id < b.id ? -1 : 1)),
  );
}
