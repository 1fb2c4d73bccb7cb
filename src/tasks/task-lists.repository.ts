import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { OwnedStatements, type OwnerId, type Row } from '../database/index.js';
import type { Position } from '../resource/index.js';
import type { Sort } from './list-tasks.query.js';
import { PRIORITIES } from './priority.js';
import type { TaskFilter } from './task-filter.js';
import { ListStatement, type SortColumn } from './task-lists.sql.js';
import type { TaskDto } from './task.dto.js';
import { toDto } from './task.mapper.js';
import { isSkipped, startOfDay } from './time-zone.js';

/** A part of a list: how it is sorted, from where, and how much of it. */
export interface TaskSlice {
  readonly sort: Sort;
  readonly timeZone: string;
  readonly after: Position | undefined;
  readonly limit: number;
}

/** The tasks of a slice, and where in the list each of them is. */
export interface TaskPart {
  readonly tasks: readonly TaskDto[];
  /** Of a page, one position is looked at. */
  readonly positionOf: (index: number) => Position;
}

type Field = Exclude<Sort, `-${string}`>;

/** What each order but that by `due` reads, and a task's value in it. */
const ORDERS: Record<
  Exclude<Field, 'due'>,
  { column: SortColumn; valueOf: (task: TaskDto, row: Row | undefined) => Position['value'] }
> = {
  createdAt: { column: 'created_at', valueOf: ({ createdAt }) => Date.parse(createdAt) },
  updatedAt: { column: 'updated_at', valueOf: ({ updatedAt }) => Date.parse(updatedAt) },
  priority: { column: 'priority', valueOf: ({ priority }) => PRIORITIES.indexOf(priority) },
  title: { column: 'title_key', valueOf: (_, row) => row?.at(-1) ?? null },
};

/**
 * Reads lists. As in `TasksRepository` the owner comes first, is in the condition of every statement,
 * and is told to PostgreSQL with it. A page is one statement, read off an index from where the page
 * before it ended.
 */
@Injectable()
export class TaskListsRepository {
  constructor(
    private readonly statements: OwnedStatements,
    private readonly em: EntityManager,
  ) {}

  /** The first tasks of the list behind `after`, in order. */
  async list(ownerId: OwnerId, filter: TaskFilter, slice: TaskSlice): Promise<TaskPart> {
    const { sort, after, limit } = slice;
    const descending = sort.startsWith('-');
    const field = (descending ? sort.slice(1) : sort) as Field;
    if (field === 'due') return this.#listByDue(ownerId, filter, slice, descending);
    const { column, valueOf } = ORDERS[field];
    const statement = new ListStatement(filter, limit);
    const text = statement.page({ column, descending, after });
    const rows = await this.statements.run(ownerId, text, statement.parameters);
    const tasks = rows.map(toDto);
    return partOf(tasks, (task, index) => valueOf(task, rows[index]));
  }

  /** How many tasks the whole list has. */
  async count(ownerId: OwnerId, filter: TaskFilter): Promise<number> {
    const statement = new ListStatement(filter);
    const text = statement.count();
    const [row] = await this.statements.run(ownerId, text, statement.parameters);
    return Number(row?.[0]);
  }

  /** What cursors are signed with; one for all instances. */
  async cursorKey(): Promise<Buffer> {
    const [row] = await this.em.execute<{ key: Buffer }[]>('select key from cursor_key');
    if (row === undefined) throw new Error('The table cursor_key is empty.');
    return row.key;
  }

  async #listByDue(
    ownerId: OwnerId,
    filter: TaskFilter,
    { after, limit, timeZone }: TaskSlice,
    descending: boolean,
  ): Promise<TaskPart> {
    const valueOf = ({ due }: TaskDto) => dueValue(due, timeZone);
    const placeOf = ({ due }: TaskDto) => duePlace(due, timeZone);
    const statement = new ListStatement(filter, limit);
    const text = statement.pageByDue(descending, after, timeZone);
    if (text === undefined) return partOf([], placeOf);
    const rows = await this.statements.run(ownerId, text, statement.parameters);
    return partOf(merge(rows.map(toDto), valueOf, descending).slice(0, limit), placeOf);
  }
}

function partOf(
  tasks: readonly TaskDto[],
  valueOf: (task: TaskDto, index: number) => Position['value'],
): TaskPart {
  const positionOf = (index: number) => {
    const task = tasks[index];
    if (task === undefined) throw new RangeError(`There is no task ${String(index)} in this part.`);
    return { value: valueOf(task, index), id: task.id };
  };
  return { tasks, positionOf };
}

const DAY = 'YYYY-MM-DD'.length;

/** Milliseconds: less than one. */
const JUST_BEFORE = 0.5;

/**
 * Milliseconds by which tasks are ordered. A day that the zone skipped would begin when the next one
 * does; it stands just before that, so that days are in the order of their index.
 */
function dueValue(due: string | null, timeZone: string): number | null {
  if (due === null) return null;
  if (due.length !== DAY) return Date.parse(due);
  const start = startOfDay(due, timeZone);
  return isSkipped(due, timeZone) ? start - JUST_BEFORE : start;
}

/** Position in a cursor: milliseconds, or a skipped day by its name, as it has no instant of its own. */
function duePlace(due: string | null, timeZone: string): number | string | null {
  return due?.length === DAY && isSkipped(due, timeZone) ? due : dueValue(due, timeZone);
}

/** Tasks in the order of their `due`; those without one come last. */
function merge(
  tasks: readonly TaskDto[],
  valueOf: (task: TaskDto) => number | null,
  descending: boolean,
): TaskDto[] {
  const placed = tasks.map((task) => ({ task, id: task.id, value: valueOf(task) }));
  const sign = descending ? -1 : 1;
  const order = (a: string | number, b: string | number) => sign * (a < b ? -1 : a > b ? 1 : 0);
  placed.sort((a, b) => {
    if (a.value === null || b.value === null)
      return Number(a.value === null) - Number(b.value === null) || order(a.id, b.id);
    return order(a.value, b.value) || order(a.id, b.id);
  });
  return placed.map(({ task }) => task);
}
