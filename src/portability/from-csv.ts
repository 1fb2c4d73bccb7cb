import { plainCell, splitTags } from './csv-cells.js';
import type { Draft, DraftList, DraftTask } from './draft.js';
import type { ImportReport } from './import-report.js';
import { type CsvLine, readCsv } from './read-csv.js';

const COLUMNS = [
  ...['id', 'parent', 'list', 'title', 'description', 'completed', 'completedat', 'priority'],
  ...['due', 'tags', 'recurrence', 'timezone', 'basis', 'createdat', 'position'],
];

const TRUE = ['true', 'yes', '1', 'x'];
const FALSE = ['', 'false', 'no', '0'];

const orNull = (cell: string | undefined) => (cell === undefined || cell === '' ? null : cell);

function completionOf({ line, cells }: CsvLine, report: ImportReport): DraftTask['completedAt'] {
  const { completed = '', completedat = '' } = cells;
  const text = completed.trim().toLowerCase();
  if (!TRUE.includes(text) && !FALSE.includes(text))
    report.refuse(line, 'type', 'completed must be true or false');
  if (text !== '' && FALSE.includes(text)) return null;
  return orNull(completedat) ?? (TRUE.includes(text) || null);
}

function taskOf(row: CsvLine, index: number, report: ImportReport): DraftTask {
  const { line, cells } = row;
  const { recurrence, timezone, basis } = cells;
  return {
    key: orNull(cells['id']) ?? `line ${String(index)}`,
    line,
    fields: {
      title: cells['title'],
      description: orNull(cells['description']),
      priority: orNull(cells['priority']?.trim().toLowerCase()),
      due: orNull(cells['due']),
      tags: splitTags(cells['tags'] ?? ''),
      recurrence: recurrence
        ? { rule: recurrence, timeZone: orNull(timezone) ?? 'UTC', basis: orNull(basis) }
        : null,
    },
    completedAt: completionOf(row, report),
    createdAt: orNull(cells['createdat']) ?? undefined,
    listKey: orNull(cells['list']),
    parentKey: orNull(cells['parent']),
    position: cells['position'] ?? '',
  };
}

/** Reads CSV with a header, which an export writes. Each name of a list makes one. */
export async function fromCsv(bytes: Uint8Array, report: ImportReport): Promise<Draft> {
  const rows = (await readCsv(bytes, report)).map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, plainCell(cell)])),
  }));
  const names = Object.keys(rows[0]?.cells ?? {});
  for (const name of names)
    if (!COLUMNS.includes(name)) report.skip(1, 'unknown', `${name.slice(0, 100)} is not known`);
  if (rows.length > 0 && !names.includes('title'))
    report.refuse(1, 'required', 'title is required');
  const tasks = rows.map((row, index) => taskOf(row, index, report));
  const lists = new Map<string, DraftList>();
  for (const { line, listKey } of tasks)
    if (listKey !== null && !lists.has(listKey))
      lists.set(listKey, { key: listKey, line, name: listKey });
  return { lists: [...lists.values()], tasks };
}
