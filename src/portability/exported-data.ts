import type { OwnerId } from '../database/index.js';
import type { ExportedList, ListsRepository } from '../lists/index.js';
import type { ExportedTask, TasksRepository } from '../tasks/index.js';

/** Rows of a page: at most 4 MB, if each has the longest description there can be. */
const PAGE_ROWS = 100;

/** Precedes every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Reads rows page by page, each when the previous one has been taken. The first page may be empty. */
async function* pagesOf<Row>(
  read: (afterId: string) => Promise<Row[]>,
  idOf: (row: Row) => string,
): AsyncGenerator<Row[], void> {
  for (let afterId = FIRST_ID; ;) {
    const rows = await read(afterId);
    yield rows;
    const last = rows.at(-1);
    if (rows.length < PAGE_ROWS || last === undefined) return;
    afterId = idOf(last);
  }
}

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
    return pagesOf(
      (afterId) => tasks.exportAfter(this.ownerId, afterId, { scope, limit: PAGE_ROWS }),
      ({ task }) => task.id,
    );
  }

  lists(): AsyncGenerator<ExportedList[], void> {
    const { lists } = this.repositories;
    return pagesOf(
      (afterId) => lists.exportAfter(this.ownerId, afterId, PAGE_ROWS),
      ({ list }) => list.id,
    );
  }
}
