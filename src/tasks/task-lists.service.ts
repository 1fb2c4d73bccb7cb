import { Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { type CursorScope, Cursors } from '../resource/index.js';
import type { ListTasksQuery } from './list-tasks.query.js';
import { countFitting } from './page-size.js';
import { boundFilterOf, filterOf } from './task-filter.js';
import type { TaskPageDto } from './task.dto.js';
import { NO_SUBTASKS } from './tasks.service.js';
import { TasksRepository } from './tasks.repository.js';

/** Lists of a user's tasks, page by page. */
@Injectable()
export class TaskListsService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly cursors: Cursors,
  ) {}

  async list(user: AuthenticatedUser, query: ListTasksQuery): Promise<TaskPageDto> {
    const { sort, timeZone, limit, cursor } = query;
    const filter = filterOf(query);
    const list = { filter: boundFilterOf(filter), sort, timeZone };
    const scope: CursorScope = { userId: user.id, list };
    const after = this.cursors.positionOf(scope, cursor);
    // One row more than the limit shows whether there is a next page.
    const request = { sort, timeZone, after, limit: limit + 1 };
    const page = await this.tasks.page(user.id, filter, request);
    const total = query.count === true && { total: await this.tasks.count(user.id, filter) };
    const shown = this.cursors.page(scope, page, countFitting(page.rows, limit));
    if (query.include === undefined || shown.data.length === 0) return { ...shown, ...total };
    const ids = shown.data.map(({ id }) => id);
    const counts = await this.tasks.countSubtasks(user.id, ids);
    for (const task of shown.data) task.subtasks = counts.get(task.id) ?? NO_SUBTASKS;
    return { ...shown, ...total };
  }
}
