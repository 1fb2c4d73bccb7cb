import { foldTag } from '../../src/tasks/tag-fold.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';

/** The query of a list, as the oracle understands it. */
export interface ListQuery {
  readonly completed?: 'true' | 'false';
  readonly priority?: string;
  readonly tags?: string;
  readonly list?: string;
  readonly parent?: string;
  readonly dueBefore?: string;
  readonly dueAfter?: string;
  readonly hasDue?: 'true' | 'false';
  readonly timeZone?: string;
  readonly q?: string;
  readonly sort?: string;
}

const PRIORITIES = ['none', 'low', 'medium', 'high'];
const HOUR = 3_600_000;

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l');

const wordsOf = (text: string) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

const formats = new Map<string, Intl.DateTimeFormat>();

/** `YYYY-MM-DD` of an instant in a time zone: that is how Sweden writes it. */
function dayIn(instant: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
    formats.set(timeZone, format);
  }
  return format.format(instant);
}

/** The first minute that is on this day in the time zone. */
function startOf(day: string, timeZone: string): number {
  let [before, on] = [Date.parse(day) - 15 * HOUR, Date.parse(day) + 15 * HOUR];
  while (on - before > 60_000) {
    const middle = Math.round((before + on) / 120_000) * 60_000;
    if (dayIn(middle, timeZone) < day) before = middle;
    else on = middle;
  }
  return on;
}

const isDay = (due: string) => due.length === 10;

/** A bound as a day or an instant: what a word such as `tomorrow-2w` means at a moment. */
function boundAt(now: number, bound: string, timeZone: string): string {
  const [, word, sign, count, unit] = /^([a-z]+)(?:(.)(\d+)(.))?$/.exec(bound) ?? [];
  if (word === undefined) return bound;
  const days = Number(`${sign ?? ''}${count ?? '0'}`) * (unit === 'w' ? 7 : 1);
  if (word === 'now') return new Date(now + days * 24 * HOUR).toISOString();
  const day = new Date(`${dayIn(now, timeZone)}T12:00Z`);
  day.setUTCDate(day.getUTCDate() + days + (word === 'tomorrow' ? 1 : 0));
  return day.toISOString().split('T')[0] ?? '';
}

/** Whether a task's due is before a bound; both may be days or instants. */
function isBefore(due: string, bound: string, timeZone: string): boolean {
  if (isDay(due)) return due < (isDay(bound) ? bound : dayIn(Date.parse(bound), timeZone));
  return Date.parse(due) < (isDay(bound) ? startOf(bound, timeZone) : Date.parse(bound));
}

const isAmong = (id: string | null, ids: string) => ids.split(',').includes(id ?? 'none');

function isListed(task: TaskDto, query: ListQuery, now: number): boolean {
  const { timeZone = 'UTC', dueBefore, dueAfter } = query;
  const tags = task.tags.map(foldTag);
  const words = [...wordsOf(task.title), ...wordsOf(task.description ?? '')];
  return (
    (query.completed === undefined || String(task.completed) === query.completed) &&
    (query.priority === undefined || query.priority.split(',').includes(task.priority)) &&
    (query.tags ?? '').split(',').every((tag) => tag === '' || tags.includes(foldTag(tag))) &&
    (query.list === undefined || isAmong(task.listId, query.list)) &&
    (query.parent === undefined || isAmong(task.parentId, query.parent)) &&
    (query.hasDue === undefined || String(task.due !== null) === query.hasDue) &&
    (dueBefore === undefined ||
      (task.due !== null && isBefore(task.due, boundAt(now, dueBefore, timeZone), timeZone))) &&
    (dueAfter === undefined ||
      (task.due !== null && !isBefore(task.due, boundAt(now, dueAfter, timeZone), timeZone))) &&
    wordsOf(query.q ?? '').every((word) => words.some((other) => other.startsWith(word)))
  );
}

const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function keyOf(task: TaskDto, field: string, timeZone: string): number | string {
  if (field === 'title') return fold(task.title);
  if (field === 'position') return task.position;
  if (field === 'priority') return PRIORITIES.indexOf(task.priority);
  if (field !== 'due') return Date.parse(field === 'updatedAt' ? task.updatedAt : task.createdAt);
  const due = task.due ?? '';
  return isDay(due) ? startOf(due, timeZone) : Date.parse(due);
}

/** The ids of a list in the order the contract asks for, by a way of its own. */
export function expectedIds(tasks: readonly TaskDto[], query: ListQuery): string[] {
  const { sort = '-createdAt', timeZone = 'UTC' } = query;
  const sign = sort.startsWith('-') ? -1 : 1;
  const field = sort.replace('-', '');
  const listed = tasks.filter((task) => isListed(task, query, Date.now()));
  const isLast = (task: TaskDto) => Number(field === 'due' && task.due === null);
  const placed = listed.map((task) => ({ task, key: keyOf(task, field, timeZone) }));
  placed.sort((a, b) => {
    const last = isLast(a.task) - isLast(b.task);
    if (last !== 0) return last;
    const byId = sign * compare(a.task.id, b.task.id);
    if (isLast(a.task)) return byId;
    if (typeof a.key === 'string') return sign * compare(a.key, String(b.key)) || byId;
    return sign * (a.key - Number(b.key)) || byId;
  });
  return placed.map(({ task }) => task.id);
}
