import { stringify } from 'csv-stringify/sync';
import type { ExportedTask } from '../tasks/index.js';
import { joinTags, safeCell } from './csv-cells.js';
import type { ExportedData } from './exported-data.js';

/** Columns, by their names in the header, and a task's cell in each. */
const COLUMNS: Readonly<Record<string, (exported: ExportedTask) => string | null>> = {
  id: ({ task }) => task.id,
  parent: ({ task }) => task.parentId,
  list: ({ listName }) => listName,
  title: ({ task }) => task.title,
  description: ({ task }) => task.description,
  completed: ({ task }) => String(task.completed),
  completedAt: ({ task }) => task.completedAt,
  priority: ({ task }) => task.priority,
  due: ({ task }) => task.due,
  tags: ({ task }) => joinTags(task.tags),
  recurrence: ({ task }) => task.recurrence?.rule ?? null,
  timeZone: ({ task }) => task.recurrence?.timeZone ?? null,
  basis: ({ task }) => task.recurrence?.basis ?? null,
  createdAt: ({ task }) => task.createdAt,
  position: ({ task }) => task.position,
};

const cellsOf = (exported: ExportedTask) =>
  Object.values(COLUMNS).map((cellOf) => safeCell(cellOf(exported) ?? ''));

const lines = (rows: string[][]) => stringify(rows, { record_delimiter: 'windows' });

/** Spreadsheets take a file without it for one in the encoding of the machine. */
const BYTE_ORDER_MARK = '\uFEFF';

/** Writes a line for each task that is not in the trash (RFC 4180). */
export async function* toCsv(data: ExportedData): AsyncGenerator<string, void> {
  let head = BYTE_ORDER_MARK + lines([Object.keys(COLUMNS)]);
  for await (const rows of data.tasks('list')) {
    yield head + lines(rows.map(cellsOf));
    head = '';
  }
}
