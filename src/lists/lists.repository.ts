import type { EntityName } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { OwnerId, Row } from '../database/index.js';
import {
  type ActorParameter,
  appendToLog,
  arrayLiteral,
  changeOfAll,
  OwnedRepository,
  removedFrom,
  TRANSACTION_SLOT,
  type Writer,
} from '../resource/index.js';
import { REMOVED_TASKS } from '../tasks/index.js';
import type { ListCountsDto, ListDto } from './list.dto.js';
import type { List } from './list.entity.js';

const NEW_VERSION = sql`version = version + 1, updated_at = now()`;

/** A list, and whether it is in the trash. */
export interface ExportedList {
  readonly list: ListDto;
  readonly isTrashed: boolean;
}

/**
 * Changes of the tasks of a list: those that a delete takes, or leaves without a list, and those that a
 * restore brings back.
 */
const TASK_CHANGES = {
  trash: {
    type: sql`'task.trashed'`,
    setting: sql`deleted_at = now(), trashed_with = list_id`,
    condition: sql`deleted_at is null`,
  },
  // Those in the trash, too: a subtask is in the list of its parent, wherever it is.
  keep: {
    type: sql`'task.moved'`,
    setting: sql`list_id = null`,
    condition: sql`trashed_with is distinct from list_id`,
  },
  restore: {
    type: sql`'task.restored'`,
    setting: sql`deleted_at = null, trashed_with = null`,
    condition: sql`deleted_at is not null and trashed_with = list_id`,
  },
} as const;

export type TaskChange = keyof typeof TASK_CHANGES;

/** The lists of a user. Whatever also concerns their tasks is part of a transaction of the service. */
export class ListsRepository extends OwnedRepository<List, ListDto> {
  constructor(em: SqlEntityManager, entityName: EntityName<List>) {
    super(em, entityName, {
      tasks: 0,
      measured: ['name'],
      bytes: (measured) => sql`list_bytes(${sql.join(measured)})`,
      log: {
        name: 'list',
        properties: ['name', 'color', 'archived', 'position'],
        fields: ['name', 'color', 'archived', 'position'],
        types: [{ type: 'moved', of: ['position'] }],
      },
    });
  }

  /** Returns the first lists after an id, in the order of ids, those in the trash among them. */
  async exportAfter(ownerId: OwnerId, afterId: string, limit: number): Promise<ExportedList[]> {
    const statement = this.statement<'afterId' | 'limit'>(
      'export',
      (parameters) => sql`
        select ${this.sql.shown}, deleted_at is not null from list
         where owner_id = ${parameters.ownerId} and id > ${parameters.afterId}::uuid
         order by id limit ${parameters.limit}::int`,
    );
    const rows = await this.run(ownerId, statement, { afterId, limit: String(limit) });
    return rows.map((row) => ({ list: this.toDto(row), isTrashed: row.at(-1) === 't' }));
  }

  /** Changes the tasks of a list, each to a new version. */
  async changeTasks(user: Writer, id: string, change: TaskChange): Promise<void> {
    const { type, setting, condition } = TASK_CHANGES[change];
    const statement = this.statement<'id' | ActorParameter>(`tasks ${change}`, (parameters) => {
      const { ownerId, id: listId } = parameters;
      const changes =
        change === 'keep' ? changeOfAll('list_id', sql`${listId}`, sql`null`) : undefined;
      return sql`
        with changed as (
          update task set ${setting}, ${NEW_VERSION}
           where owner_id = ${ownerId} and list_id = ${listId} and ${condition}
          returning id, version
        ), ${appendToLog(parameters, 'many', { type, changes })}
        select`;
    });
    await this.writeAs(user, statement, { id });
  }

  /** Deletes the tasks of a list that are not in the trash by themselves, and what lies below them. */
  async removeTasks(user: Writer, id: string): Promise<void> {
    const statement = this.statement<'id' | 'slot' | ActorParameter>(
      'tasks remove',
      (parameters) => {
        const { ownerId, id: listId } = parameters;
        return sql`
          with doomed as materialized (
            with recursive found as (
              select id from task
               where owner_id = ${ownerId} and list_id = ${listId}
                 and (deleted_at is null or trashed_with = ${listId})
              union
              select task.id from found
                join task on task.owner_id = ${ownerId} and task.parent_id = found.id
            ) select id from found
          ), deleted as (
            delete from task where owner_id = ${ownerId} and id in (select id from doomed)
            returning id, version, title, description, tags
          ), ${removedFrom(parameters, REMOVED_TASKS, 'many')}
          select`;
      },
    );
    await this.writeAs(user, statement, { id, slot: TRANSACTION_SLOT });
  }

  /** Returns the numbers of tasks of lists, by id; lists without tasks are not among them. */
  async countTasks(
    ownerId: OwnerId,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, ListCountsDto>> {
    const statement = this.statement<'ids'>(
      'count tasks',
      ({ ownerId: owner, ids: lists }) => sql`
        select list_id, count(*) - count(completed_at), count(completed_at) from task
         where owner_id = ${owner} and list_id = any(${lists}::uuid[]) and deleted_at is null
         group by list_id`,
    );
    const rows = await this.run(ownerId, statement, { ids: arrayLiteral(ids) });
    return new Map(
      rows.map(([id, open, completed]) => [
        String(id),
        { open: Number(open), completed: Number(completed) },
      ]),
    );
  }

  override toDto(row: Row): ListDto {
    const { read } = this.columns;
    return {
      id: read.id(row),
      name: read.name(row),
      color: read.color(row),
      position: read.position(row),
      archived: read.archived(row),
      createdAt: read.createdAt(row),
      updatedAt: read.updatedAt(row),
      version: read.version(row),
    };
  }
}
