import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { type CursorScope, decodeCursor, encodeCursor } from '../resource/index.js';
import { countFitting } from './page-size.js';
import type { ListTasksQuery } from './list-tasks.query.js';
import type { TaskPageDto } from './task.dto.js';
import { filterOf } from './task-filter.js';
import { TaskListsRepository } from './task-lists.repository.js';

/** Lists of a user's tasks, page by page. */
@Injectable()
export class TaskListsService implements OnModuleInit {
  /** Not its bytes: each cursor would make a key of them again, which costs five times as much. */
  #cursorKey: KeyObject = createSecretKey(Buffer.alloc(0));

  constructor(private readonly tasks: TaskListsRepository) {}

  async onModuleInit(): Promise<void> {
    this.#cursorKey = createSecretKey(await this.tasks.cursorKey());
  }

  async list(user: AuthenticatedUser, query: ListTasksQuery): Promise<TaskPageDto> {
    const { sort, timeZone, limit, cursor } = query;
    const filter = filterOf(query);
    const scope: CursorScope = { userId: user.id, list: { filter, sort, timeZone } };
    const after = cursor === undefined ? undefined : decodeCursor(this.#cursorKey, scope, cursor);
    // One more than asked for tells whether there is a next page.
    const slice = { sort, timeZone, after, limit: limit + 1 };
    const { tasks, positionOf } = await this.tasks.list(user.id, filter, slice);
    const total = query.count === true && { total: await this.tasks.count(user.id, filter) };
    const count = countFitting(tasks, limit);
    const more = tasks.length > count;
    return {
      data: tasks.slice(0, count),
      nextCursor: more ? encodeCursor(this.#cursorKey, scope, positionOf(count - 1)) : null,
      ...total,
    };
  }
}
