import type { EntityName } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { OwnerId, Row } from '../database/index.js';
import type { CalendarKind, SeriesTask } from '../icalendar/index.js';
import type { StoredRecurrence } from '../recurrence/index.js';
import { type Placeholders, ScopedRepository } from '../resource/index.js';
import { Task, type TasksRepository } from '../tasks/index.js';
import type { FeedDto } from './feed.dto.js';
import type { Feed } from './feed.entity.js';
import { feedTasksSql } from './feed-tasks.sql.js';

/** Feeds of one user. */
export const MAX_FEEDS = 20;

/** The content of a feed. */
export interface FeedContent {
  readonly listId: string | null;
  readonly kind: CalendarKind;
}

/** A feed to be stored. */
interface NewFeed extends FeedContent {
  readonly id: string;
  /** SHA-256 of the secret, in hex. */
  readonly hash: string;
}

/** The state of what a feed shows: if it is the same, so are the tasks. */
export interface FeedState {
  /** Number of the last change of any task or list. */
  readonly change: string;
  /** Null without a list, and for one that is not there, or in the trash. */
  readonly listName: string | null;
}

/** The part of a feed's tasks that is read at once. */
interface TasksPage {
  readonly completedSince: Date;
  readonly afterId: string;
  readonly limit: number;
}

/** The calendar feeds of a user, and the tasks that they show. */
export class FeedsRepository extends ScopedRepository<Feed> {
  readonly #tasks: TasksRepository;

  constructor(em: SqlEntityManager, entityName: EntityName<Feed>) {
    super(em, entityName);
    // MikroORM does not take it for a repository of its own, as its methods without an owner are hidden.
    this.#tasks = em.getRepository(Task) as object as TasksRepository;
  }

  /**
   * Stores a feed; returns null when the user has as many as allowed. The lock is a statement of its own:
   * the next one sees what the previous holder has committed.
   */
  insert(ownerId: OwnerId, { id, hash, listId, kind }: NewFeed): Promise<FeedDto | null> {
    return this.transaction(ownerId, async () => {
      await this.run(ownerId, this.#lock);
      const [row] = await this.run(ownerId, this.#insert, { id, hash, listId, kind });
      return row === undefined ? null : this.#toDto(row);
    });
  }

  /** Returns the user's feeds, the newest first. */
  async list(ownerId: OwnerId): Promise<FeedDto[]> {
    const statement = this.statement(
      'list',
      ({ ownerId: owner }) => sql`
        select ${this.#shown} from feed where owner_id = ${owner} order by id desc`,
    );
    return (await this.run(ownerId, statement)).map((row) => this.#toDto(row));
  }

  /** Deletes a feed; returns whether there was one. */
  async remove(ownerId: OwnerId, id: string): Promise<boolean> {
    const statement = this.statement<'id'>(
      'remove',
      (parameters) => sql`
        delete from feed where owner_id = ${parameters.ownerId} and id = ${parameters.id}
        returning id`,
    );
    return (await this.run(ownerId, statement, { id })).length > 0;
  }

  /** Returns the state of what a feed shows. */
  async state(ownerId: OwnerId, listId: string | null): Promise<FeedState> {
    const statement = this.statement<'listId'>(
      'state',
      (parameters) => sql`
        select (select seq from change_counter where owner_id = ${parameters.ownerId}),
               (select name from list where owner_id = ${parameters.ownerId}
                   and id = ${parameters.listId}::uuid and deleted_at is null)`,
    );
    const [row] = await this.run(ownerId, statement, { listId });
    return { change: row?.[0] ?? '0', listName: row?.[1] ?? null };
  }

  /** Returns tasks of a feed after an id, in the order of their ids. */
  async tasks(
    ownerId: OwnerId,
    { listId, kind }: FeedContent,
    { completedSince, afterId, limit }: TasksPage,
  ): Promise<SeriesTask[]> {
    const shape = { hasList: listId !== null, kind };
    const { shown } = this.#tasks;
    const statement = this.statement<'listId' | 'completedSince' | 'afterId' | 'limit'>(
      `tasks: ${kind}${shape.hasList ? ' of a list' : ''}`,
      (parameters) => feedTasksSql(parameters, shape, shown),
    );
    const rows = await this.run(ownerId, statement, {
      listId,
      completedSince: completedSince.toISOString(),
      afterId,
      limit: String(limit),
    });
    return rows.map((row) => {
      const series = row[shown.length] ?? null;
      return {
        task: this.#tasks.toDto(row),
        series: series === null ? null : (JSON.parse(series) as StoredRecurrence),
      };
    });
  }

  get #shown() {
    return sql.join(this.columns.shown.map((column) => sql.ref(column)));
  }

  get #lock() {
    return this.statement(
      'lock',
      ({ ownerId }) => sql`
        select pg_advisory_xact_lock(hashtextextended('feeds', hashtextextended(${ownerId}, 0)))`,
    );
  }

  get #insert() {
    return this.statement<keyof NewFeed>('insert', (parameters: Placeholders<keyof NewFeed>) => {
      const { ownerId, id, hash, listId, kind } = parameters;
      return sql`
        insert into feed (hash, owner_id, id, list_id, kind)
        select decode(${hash}, 'hex'), ${ownerId}::text, ${id}::uuid, ${listId}::uuid, ${kind}
         where (select count(*) from feed where owner_id = ${ownerId}) < ${sql.lit(MAX_FEEDS)}
        returning ${this.#shown}`;
    });
  }

  #toDto(row: Row): FeedDto {
    const { read } = this.columns;
    return {
      id: read.id(row),
      listId: read.listId(row),
      as: read.kind(row),
      createdAt: read.createdAt(row),
    };
  }
}
