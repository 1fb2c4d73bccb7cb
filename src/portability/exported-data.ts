import type { OwnerId } from '../database/index.js';
import type { ExportedList, ListsRepository } from '../lists/index.js';
import { pagesById } from '../resource/index.js';
import type { ExportedTask, TasksRepository } from '../tasks/index.js';

/** Rows of a page: at most 4 MB, if each has the longest description there can be. */
const PAGE_ROWS = 100;

/**
 * Tasks and lists of a user, in the order of ids: a row that changes in the meantime is neither missed nor read twice.
 * Between two pages no connection is held, so a slow reader costs nobody anything.
 */
export class ExportedData {
  constructor(
    private readonly ownerId: OwnerId,
    private readonly repositories: {
      readonly tasks: Pick<TasksRepository, 'exportAfter'>;
      readonly lists: Pick<ListsRepository, 'exportAfter'>;
    },
  ) {}

  /** @param scope whether tasks in the trash are read, too. */
  tasks(scope: 'list' | 'anywhere'): AsyncGenerator<ExportedTask[], void> {
    const { tasks } = this.repositories;
    return pagesById({
      limit: PAGE_ROWS,
      read: (afterId) => tasks.exportAfter(this.ownerId, afterId, { scope, limit: PAGE_ROWS }),
      idOf: ({ task }) => task.id,
    });
  }

  lists(): AsyncGenerator<ExportedList[], void> {
    const { lists } = this.repositories;
    return pagesById({
      limit: PAGE_ROWS,
      read: (afterId) => lists.exportAfter(this.ownerId, afterId, PAGE_ROWS),
      idOf: ({ list }) => list.id,
    });
  }
}
