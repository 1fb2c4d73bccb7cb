import type { EntityName } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { OwnerId, Row } from '../database/index.js';
import {
  type DerivedSetting,
  OwnedRepository,
  type Page,
  pageOf,
  type Position,
  type QuotaShare,
  type Statement,
} from '../resource/index.js';
import { DueOrder } from './due-order.js';
import type { Sort } from './list-tasks.query.js';
import { ALWAYS_FITTING } from './page-size.js';
import { PRIORITIES } from './priority.js';
import { shapeOf, type TaskFilter, valuesOf } from './task-filter.js';
import { type ListParameter, type SortColumn, TaskListSql } from './task-list.sql.js';
import type { TaskDto } from './task.dto.js';
import { dtoOf } from './task-values.js';
import type { Task } from './task.entity.js';
import { sqlInstant } from './time-zone.js';

/** A page of a list: its order, the position that it starts after, and the number of its tasks. */
export interface PageRequest {
  readonly sort: Sort;
  readonly timeZone: string;
  readonly after: Position | undefined;
  readonly limit: number;
}

type Field = Exclude<Sort, `-${string}`>;

/** The column of each order except that by `due`, and a task's value in it. */
const ORDERS: Record<
  Exclude<Field, 'due'>,
  { column: SortColumn; valueOf: (task: TaskDto, row: Row | undefined) => Position['value'] }
> = {
  createdAt: { column: 'created_at', valueOf: ({ createdAt }) => Date.parse(createdAt) },
  updatedAt: { column: 'updated_at', valueOf: ({ updatedAt }) => Date.parse(updatedAt) },
  priority: { column: 'priority', valueOf: ({ priority }) => PRIORITIES.indexOf(priority) },
  title: { column: 'title_key', valueOf: (_, row) => row?.at(-1) ?? null },
};

/** Changes of `completedAt`: a completed task keeps its time of completion. */
export const COMPLETION: Record<'true' | 'false' | 'toggle', DerivedSetting> = {
  true: {
    name: 'completed',
    assignment: sql`completed_at = coalesce(completed_at, now())`,
    changes: sql`completed_at is null`,
  },
  false: {
    name: 'reopened',
    assignment: sql`completed_at = null`,
    changes: sql`completed_at is not null`,
  },
  toggle: {
    name: 'toggled',
    assignment: sql`completed_at = case when completed_at is null then now() end`,
    changes: sql`true`,
  },
};

const SHARE: QuotaShare<Task> = {
  tasks: 1,
  measured: ['title', 'description', 'tags'],
  bytes: (measured) => sql`task_bytes(${sql.join(measured)})`,
};

/** The tasks of a user. A page is one statement, read from an index from the end of the previous page. */
export class TasksRepository extends OwnedRepository<Task, TaskDto> {
  constructor(em: SqlEntityManager, entityName: EntityName<Task>) {
    super(em, entityName, SHARE);
  }

  /** Returns the first tasks of the list after a position, in order. */
  async page(ownerId: OwnerId, filter: TaskFilter, request: PageRequest): Promise<Page<TaskDto>> {
    const { sort, after, limit } = request;
    const descending = sort.startsWith('-');
    const field = (descending ? sort.slice(1) : sort) as Field;
    if (field === 'due') return this.#pageByDue(ownerId, filter, request, descending);
    const { column, valueOf } = ORDERS[field];
    const shape = { column, descending, after: after !== undefined };
    const statement = this.#list(filter, limit, shape, (list) => list.page(shape));
    const values = { ...valuesOf(filter), limit: String(limit), ...positionValues(column, after) };
    const rows = await this.run(ownerId, statement, values);
    const tasks = rows.map((row) => this.toDto(row));
    return pageOf(tasks, (task, index) => valueOf(task, rows[index]));
  }

  /** Returns the number of tasks in the whole list. */
  async count(ownerId: OwnerId, filter: TaskFilter): Promise<number> {
    const statement = this.#list(filter, 0, 'count', (list) => list.count());
    const [row] = await this.run(ownerId, statement, valuesOf(filter));
    return Number(row?.[0]);
  }

  protected override toDto(row: Row): TaskDto {
    return dtoOf(this.columns.read, row);
  }

  async #pageByDue(
    ownerId: OwnerId,
    filter: TaskFilter,
    { after, limit, timeZone }: PageRequest,
    descending: boolean,
  ): Promise<Page<TaskDto>> {
    const order = new DueOrder(timeZone);
    const { shape, values } = order.pageAfter(after, descending, filter);
    if (!shape.isDated && !shape.isUndated) return pageOf([], order.positionOf);
    const statement = this.#list(filter, limit, shape, (list) => list.pageByDue(shape));
    const parameters = { ...valuesOf(filter), limit: String(limit), ...values };
    const rows = await this.run(ownerId, statement, parameters);
    const tasks = rows.map((row) => this.toDto(row));
    return pageOf(order.sort(tasks, descending).slice(0, limit), order.positionOf);
  }

  #list(
    filter: TaskFilter,
    limit: number,
    page: object | string,
    build: (list: TaskListSql) => ReturnType<TaskListSql['count']>,
  ): Statement<ListParameter> {
    // One row more than the page shows whether there is a next page.
    const shape = { ...shapeOf(filter), isAlwaysFitting: limit <= ALWAYS_FITTING + 1 };
    const name = `list ${JSON.stringify([page, shape])}`;
    return this.statement<ListParameter>(name, (parameters) =>
      build(new TaskListSql(shape, parameters, this.sql.shown)),
    );
  }
}

function positionValues(column: SortColumn, after: Position | undefined) {
  if (after === undefined) return undefined;
  const isInstant = column === 'created_at' || column === 'updated_at';
  const afterValue = isInstant ? sqlInstant(Number(after.value)) : String(after.value);
  return { afterValue, afterId: after.id };
}
