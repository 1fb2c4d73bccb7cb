import type { ExportedList } from '../lists/index.js';
import type { ExportedTask } from '../tasks/index.js';
import type { ExportedData } from './exported-data.js';

/** Name and version of the format, which an import reads. */
export const JSON_FORMAT = { format: 'taskward', version: 1 } as const;

function taskOf({ task, stored, nextTaskId, isTrashed, trashedWith }: ExportedTask) {
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    completedAt: task.completedAt,
    priority: task.priority,
    due: task.due,
    tags: task.tags,
    listId: task.listId,
    parentId: task.parentId,
    position: task.position,
    recurrence: task.recurrence,
    series: stored && {
      id: task.seriesId,
      start: stored.start,
      date: stored.date,
      time: stored.time,
      remaining: stored.remaining,
    },
    nextTaskId,
    createdAt: task.createdAt,
    trashed: isTrashed,
    trashedWith,
  };
}

const listOf = ({ list, isTrashed }: ExportedList) => ({
  id: list.id,
  name: list.name,
  color: list.color,
  archived: list.archived,
  position: list.position,
  createdAt: list.createdAt,
  trashed: isTrashed,
});

/** Returns a member whose value is an array with an element a line, a part for each page. */
async function* arrayOf<Row>(
  lead: string,
  pages: AsyncGenerator<Row[], void>,
  convert: (row: Row) => object,
): AsyncGenerator<string, void> {
  let text = `${lead}[`;
  let separator = '\n';
  for await (const rows of pages) {
    for (const row of rows) {
      text += separator + JSON.stringify(convert(row));
      separator = ',\n';
    }
    yield text;
    text = '';
  }
  yield '\n]';
}

/**
 * Writes the format that has everything. Lists come last: one that is made while tasks are being read is there
 * for those that are in it.
 */
export async function* toJson(data: ExportedData): AsyncGenerator<string, void> {
  const head = JSON.stringify({ ...JSON_FORMAT, exportedAt: new Date().toISOString() });
  yield* arrayOf(`${head.slice(0, -1)},\n"tasks":`, data.tasks('anywhere'), taskOf);
  yield* arrayOf(',\n"lists":', data.lists(), listOf);
  yield '}\n';
}
