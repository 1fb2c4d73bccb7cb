import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

const { INT4, TIMESTAMPTZ, DATE } = pg.types.builtins;
const UUID = 2950;
const TEXT_ARRAY = 1009;
const PRIORITIES = ['none', 'low', 'medium', 'high'];

const parseArray = pg.types.getTypeParser(TEXT_ARRAY, 'text');
const asIs = (text) => text;

/** PostgreSQL writes `2026-11-20 17:29:00.5+00` in UTC; cutting text costs less than a Date. */
function instant(text) {
  const fraction = text.length === 22 ? '000' : text.slice(20, -3).padEnd(3, '0');
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}

const plainArray = (text) => {
  if (text === '{}') return [];
  return text.includes('"') ? parseArray(text) : text.slice(1, -1).split(',');
};

const PARSERS = new Map([
  [INT4, Number],
  [pg.types.builtins.INT2, Number],
  [TIMESTAMPTZ, instant],
  [DATE, asIs],
  [UUID, asIs],
  [TEXT_ARRAY, plainArray],
]);

/** How columns are read: nothing is turned into an object that would become text again. */
export const types = { getTypeParser: (oid) => PARSERS.get(oid) ?? asIs };

export const COLUMNS = `id, title, description, completed_at, priority, due_date, due_at, tags, list_id, parent_id,
   recurrence, series_id, position, created_at, updated_at, version`;

/** A row, as an array in the order of COLUMNS, as clients see it. */
export const toTask = (row) => ({
  id: row[0],
  title: row[1],
  description: row[2],
  completed: row[3] !== null,
  completedAt: row[3],
  priority: PRIORITIES[row[4]],
  due: row[5] ?? row[6],
  tags: row[7],
  listId: row[8],
  parentId: row[9],
  recurrence: row[10],
  seriesId: row[11],
  position: row[12],
  createdAt: row[13],
  updatedAt: row[14],
  version: row[15],
});

/** A position behind all others, which begins with the time. */
export const endPosition = () => `y${uuidv7().replaceAll('-', '').slice(0, 25)}`;

const dueOf = (due) =>
  due === null || due.length === 10
    ? { due_date: due, due_at: null }
    : { due_date: null, due_at: new Date(due).toISOString() };

/** The columns that a body sets, with their values. */
export function toColumns({ title, description, priority, due, tags }) {
  const columns = {};
  if (title !== undefined) columns.title = title.trim();
  if (description !== undefined) columns.description = description;
  if (priority !== undefined) columns.priority = PRIORITIES.indexOf(priority ?? 'none');
  if (due !== undefined) Object.assign(columns, dueOf(due));
  if (tags !== undefined) columns.tags = (tags ?? []).map((tag) => tag.trim());
  return columns;
}
