import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { type CursorScope, decodeCursor, encodeCursor } from './cursor.js';
import type { ListTasksQuery } from './list-tasks.query.js';
import type { TaskPageDto } from './task.dto.js';
import { filterOf } from './task-filter.js';
import { TaskListsRepository } from './task-lists.repository.js';
import { toDto } from './task.mapper.js';

/** Lists of a user's tasks, page by page. */
@Injectable()
export class TaskListsService implements OnModuleInit {
  #cursorKey: Buffer = Buffer.alloc(0);

  constructor(private readonly tasks: TaskListsRepository) {}

  async onModuleInit(): Promise<void> {
    this.#cursorKey = await this.tasks.cursorKey();
  }

  async list(user: AuthenticatedUser, query: ListTasksQuery): Promise<TaskPageDto> {
    const { sort, timeZone, limit, cursor } = query;
    const filter = filterOf(query);
    const scope: CursorScope = { userId: user.id, list: { filter, sort, timeZone } };
    const after = cursor === undefined ? undefined : decodeCursor(this.#cursorKey, scope, cursor);
    // One more than asked for tells whether there is a next page.
    const slice = { sort, timeZone, after, limit: limit + 1 };
    const rows = await this.tasks.list(user.id, filter, slice);
    const total = query.count === true && { total: await this.tasks.count(user.id, filter) };
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      data: page.map(({ task }) => toDto(task)),
      nextCursor: more ? encodeCursor(this.#cursorKey, scope, last.position) : null,
      ...total,
    };
  }
}
