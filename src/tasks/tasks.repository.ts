import type { EntityName } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { OwnerId, Parameter, Row } from '../database/index.js';
import type { StoredRecurrence } from '../recurrence/index.js';
import {
  type ActorParameter,
  arrayLiteral,
  OwnedRepository,
  type Page,
  pageOf,
  type Position,
  type Statement,
  TRANSACTION_SLOT,
  type Writer,
} from '../resource/index.js';
import { DueOrder } from './due-order.js';
import { type ExportedTask, exportedTaskOf } from './exported-task.js';
import type { Sort } from './list-tasks.query.js';
import { ALWAYS_FITTING } from './page-size.js';
import { PRIORITIES } from './priority.js';
import { isSearch, shapeOf, type TaskFilter, valuesOf } from './task-filter.js';
import { type ListParameter, lookupSql, type SortColumn, TaskListSql } from './task-list.sql.js';
import type { ProgressDto, TaskDto } from './task.dto.js';
import { type ExportScope, exportTasks } from './task-export.sql.js';
import { TASK_RULES } from './task-rules.sql.js';
import { taskSeriesSql } from './task-series.sql.js';
import { type TrashChange, taskTreeSql } from './task-tree.sql.js';
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

/** The series of a task. */
interface TaskSeriesState {
  readonly stored: StoredRecurrence;
  /** Id of the task that the completion of this one has created. */
  readonly nextTaskId: string | null;
}

/** A parent that is there. */
export interface Parent {
  readonly listId: string | null;
  /** Ancestors of the deepest task, if a task and all below it were put below the parent. */
  readonly ancestors: number;
  /** Whether the parent is that task, or below it. */
  readonly isBelow: boolean;
}

/** The column of each order except that by `due`, and a task's value in it. */
const ORDERS: Record<
  Exclude<Field, 'due'>,
  { column: SortColumn; valueOf: (task: TaskDto, row: Row | undefined) => Position['value'] }
> = {
  createdAt: { column: 'created_at', valueOf: ({ createdAt }) => Date.parse(createdAt) },
  updatedAt: { column: 'updated_at', valueOf: ({ updatedAt }) => Date.parse(updatedAt) },
  priority: { column: 'priority', valueOf: ({ priority }) => PRIORITIES.indexOf(priority) },
  title: { column: 'title_key', valueOf: (_, row) => row?.at(-1) ?? null },
  position: { column: 'position', valueOf: ({ position }) => position },
};

/** The tasks of a user. A page is one statement, read from an index from the end of the previous page. */
export class TasksRepository extends OwnedRepository<Task, TaskDto> {
  constructor(em: SqlEntityManager, entityName: EntityName<Task>) {
    super(em, entityName, TASK_RULES);
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
    const wanted = await this.#valuesOf(ownerId, filter);
    const values = { ...wanted, limit: String(limit), ...positionValues(column, after) };
    const rows = await this.run(ownerId, statement, values);
    const tasks = rows.map((row) => this.toDto(row));
    return pageOf(tasks, (task, index) => valueOf(task, rows[index]));
  }

  /** Returns the number of tasks in the whole list. */
  async count(ownerId: OwnerId, filter: TaskFilter): Promise<number> {
    const statement = this.#list(filter, 0, 'count', (list) => list.count());
    const [row] = await this.run(ownerId, statement, await this.#valuesOf(ownerId, filter));
    return Number(row?.[0]);
  }

  /** Returns the first tasks after an id, in the order of ids, with what responses do not show. */
  async exportAfter(
    ownerId: OwnerId,
    afterId: string,
    { scope, limit }: { scope: ExportScope; limit: number },
  ): Promise<ExportedTask[]> {
    const statement = this.statement<'afterId' | 'limit'>(`export ${scope}`, (parameters) =>
      exportTasks(parameters, this.sql.shown, scope),
    );
    const rows = await this.run(ownerId, statement, { afterId, limit: String(limit) });
    return rows.map((row) => exportedTaskOf(this.columns.read, row));
  }

  /** Returns the parent that a task may be put below; null if there is none. */
  async findParent(ownerId: OwnerId, id: string, parentId: string): Promise<Parent | null> {
    const statement = this.statement('parent', taskTreeSql.parent);
    const [row] = await this.run(ownerId, statement, { id, parentId });
    if (row === undefined) return null;
    const [listId = null, ancestors, isBelow, height] = row;
    return {
      listId,
      ancestors: Number(ancestors) + Number(height),
      isBelow: isBelow === 't',
    };
  }

  /** Returns whether a list is there. */
  async hasList(ownerId: OwnerId, listId: string): Promise<boolean> {
    const statement = this.statement('list of a task', taskTreeSql.list);
    return (await this.run(ownerId, statement, { listId })).length > 0;
  }

  /** Notes that a task has subtasks, without a new version, and locks it. */
  async markParent(ownerId: OwnerId, id: string): Promise<void> {
    await this.write(ownerId, this.statement('mark parent', taskTreeSql.markParent), { id });
  }

  /** Trashes or restores what the trashing or restoring of these tasks takes with it. */
  async changeBelow(user: Writer, ids: readonly string[], change: TrashChange): Promise<void> {
    if (ids.length === 0) return;
    const statement = this.statement<'ids' | ActorParameter>(`${change} below`, (parameters) =>
      taskTreeSql.changeBelow(parameters, change),
    );
    await this.writeAs(user, statement, { ids: arrayLiteral(ids) });
  }

  /** Puts all tasks below one into its list. */
  async moveBelow(
    user: Writer,
    { id, listId }: Pick<TaskDto, 'id' | 'listId'>,
    wasListId: string | null,
  ): Promise<void> {
    const statement = this.statement('move below', taskTreeSql.moveBelow);
    await this.writeAs(user, statement, { id, listId, wasListId });
  }

  /** Completes all tasks below one; returns those of them that repeat. */
  async completeBelow(user: Writer, id: string): Promise<TaskDto[]> {
    const statement = this.statement<'id' | ActorParameter>('complete below', (parameters) =>
      taskTreeSql.completeBelow(parameters, this.sql.shown),
    );
    return (await this.writeAs(user, statement, { id })).map((row) => this.toDto(row));
  }

  /** Returns the series of these tasks, by the id of the task. */
  async findSeries(
    ownerId: OwnerId,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, TaskSeriesState>> {
    if (ids.length === 0) return new Map();
    const statement = this.statement('series', taskSeriesSql.find);
    const rows = await this.run(ownerId, statement, { ids: arrayLiteral(ids) });
    return new Map(
      rows.map(([id, stored, nextTaskId = null]) => [
        String(id),
        { stored: JSON.parse(String(stored)) as StoredRecurrence, nextTaskId },
      ]),
    );
  }

  /** Stores which task follows each of these, without a new version; null for none. */
  async setNext(ownerId: OwnerId, nextIds: ReadonlyMap<string, string | null>): Promise<void> {
    if (nextIds.size === 0) return;
    const statement = this.statement('set next', taskSeriesSql.setNext);
    const rows = JSON.stringify(Array.from(nextIds, ([id, next]) => ({ id, next })));
    await this.write(ownerId, statement, { rows });
  }

  /** Deletes all tasks below one, wherever they are. */
  async removeBelow(user: Writer, id: string): Promise<void> {
    const statement = this.statement('remove below', taskTreeSql.removeBelow);
    await this.writeAs(user, statement, { id, slot: TRANSACTION_SLOT });
  }

  /** Returns the numbers of subtasks of the next level, by the id of their parent, if it has any. */
  async countSubtasks(
    ownerId: OwnerId,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, ProgressDto>> {
    const statement = this.statement('progress', taskTreeSql.progress);
    const rows = await this.run(ownerId, statement, { ids: arrayLiteral(ids) });
    return new Map(
      rows.map(([id, total, completed]) => [
        String(id),
        { total: Number(total), completed: Number(completed) },
      ]),
    );
  }

  override toDto(row: Row): TaskDto {
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
    const wanted = await this.#valuesOf(ownerId, filter);
    const parameters = { ...wanted, limit: String(limit), ...values };
    const rows = await this.run(ownerId, statement, parameters);
    const tasks = rows.map((row) => this.toDto(row));
    return pageOf(order.sort(tasks, descending).slice(0, limit), order.positionOf);
  }

  /** Returns the parameters of a filter, with the matches of a search that must be looked up before. */
  async #valuesOf(
    ownerId: OwnerId,
    filter: TaskFilter,
  ): Promise<Partial<Record<ListParameter, Parameter>>> {
    const values = valuesOf(filter);
    if (!this.isDistributed || !isSearch(filter)) return values;
    const statement = this.statement<'words' | 'tags'>(
      'look up',
      ({ ownerId: owner, words, tags }) =>
        sql`select ${lookupSql(words, tags)} where ${owner}::text is not null`,
    );
    const { words = null, tags = null } = values;
    const [row] = await this.run(ownerId, statement, { words, tags });
    return { ...values, matches: row?.[0] ?? null };
  }

  #list(
    filter: TaskFilter,
    limit: number,
    page: object | string,
    build: (list: TaskListSql) => ReturnType<TaskListSql['count']>,
  ): Statement<ListParameter> {
    // One row more than the page shows whether there is a next page.
    const shape = {
      ...shapeOf(filter),
      isAlwaysFitting: limit <= ALWAYS_FITTING + 1,
      isLookedUp: this.isDistributed,
    };
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
