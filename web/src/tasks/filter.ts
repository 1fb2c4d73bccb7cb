import { positionKey } from './place';
import { foldTag } from './tag-fold';
import {
  joinTags,
  NO_LIST,
  pageList,
  parseSort,
  type Sort,
  type SortField,
  statusOf,
  type TaskSearch,
  type View,
} from './search';
import { PRIORITIES, type Task } from './task';
import { addDays, dayOf } from './zone';

/** The parameters of `GET /tasks` that say which tasks, in which order. */
export interface TaskQuery {
  readonly completed?: boolean;
  readonly priority?: string;
  readonly tags?: string;
  readonly list?: string;
  readonly dueBefore?: string;
  readonly dueAfter?: string;
  readonly hasDue?: boolean;
  readonly timeZone: string;
  readonly q?: string;
  readonly sort: Sort;
  readonly trashed?: boolean;
}

/** A moment and a place: what `today` means. */
export interface Today {
  readonly day: string;
  readonly timeZone: string;
}

const DEFAULT_SORTS: Record<View, Sort> = {
  today: 'due',
  upcoming: 'due',
  all: '-createdAt',
  trash: '-updatedAt',
};

/** Returns the sort of a list: on the page of one list, the order that the person gives it. */
export function sortOf(view: View, search: TaskSearch): Sort {
  const isOfList = pageList(view, search) !== undefined;
  return search.sort ?? (isOfList ? 'position' : DEFAULT_SORTS[view]);
}

function viewParameters(view: View, { day }: Today): Partial<TaskQuery> {
  const tomorrow = addDays(day, 1);
  if (view === 'today') return { dueBefore: tomorrow };
  if (view === 'upcoming') return { dueAfter: tomorrow };
  return view === 'trash' ? { trashed: true } : {};
}

function statusParameters(view: View, search: TaskSearch): Partial<TaskQuery> {
  const status = statusOf(view, search);
  return status === 'any' ? {} : { completed: status === 'done' };
}

function dueParameters({ due }: TaskSearch, { day }: Today): Partial<TaskQuery> {
  if (due === 'overdue') return { dueBefore: day };
  return due === undefined ? {} : { hasDue: due === 'set' };
}

/** Returns the API's query for a view, narrowed by a search. */
export function taskQuery(view: View, search: TaskSearch, today: Today): TaskQuery {
  const { q, tags, priority, list } = search;
  return {
    ...viewParameters(view, today),
    ...statusParameters(view, search),
    ...dueParameters(search, today),
    ...(q !== undefined && { q }),
    ...(list !== undefined && { list }),
    ...(tags && { tags: joinTags(tags) }),
    ...(priority && { priority: priority.join(',') }),
    sort: sortOf(view, search),
    timeZone: today.timeZone,
  };
}

/** Filters of a list, ready to be applied to tasks that the server has not listed yet. */
export interface LocalFilter {
  readonly view: View;
  readonly search: TaskSearch;
  readonly today: Today;
  /** The parent whose subtasks are listed, `none` for the tasks without one; absent for all tasks. */
  readonly parent?: string;
}

const dueDay = (due: string, timeZone: string) =>
  due.length > 10 ? dayOf(new Date(due), timeZone) : due;

function isInView(task: Task, { view, today }: LocalFilter): boolean {
  const tomorrow = addDays(today.day, 1);
  const day = task.due === null ? undefined : dueDay(task.due, today.timeZone);
  if (view === 'today') return day !== undefined && day < tomorrow;
  return view === 'upcoming' ? day !== undefined && day >= tomorrow : view === 'all';
}

function isOfDue({ due: taskDue }: Task, { search: { due }, today }: LocalFilter): boolean {
  if (due === 'overdue') return taskDue !== null && dueDay(taskDue, today.timeZone) < today.day;
  return due === undefined || (taskDue !== null) === (due === 'set');
}

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** An approximation: the server decides which tasks a search finds. */
function hasWords({ title, description }: Task, q: string | undefined): boolean {
  const words = fold(q ?? '').split(/\s+/);
  const text = fold(`${title} ${description ?? ''}`);
  return words.every((word) => text.includes(word));
}

/** Returns whether a task that is not in the trash belongs into a list, as far as the client can tell. */
export function matches(task: Task, filter: LocalFilter): boolean {
  const { tags = [], priority, status = 'open', q, list } = filter.search;
  const folds = new Set(task.tags.map(foldTag));
  return (
    (filter.parent === undefined || filter.parent === (task.parentId ?? 'none')) &&
    isInView(task, filter) &&
    (list === undefined || (task.listId ?? NO_LIST) === list) &&
    (status === 'any' || task.completed === (status === 'done')) &&
    isOfDue(task, filter) &&
    tags.every((tag) => folds.has(foldTag(tag))) &&
    (priority === undefined || priority.includes(task.priority)) &&
    hasWords(task, q)
  );
}

type Key = string | number;

/** After every moment: a task that the server has yet to make is newer than all that it has. */
const YET_TO_COME = '9999';

function keyOf(task: Task, field: SortField): Key {
  const isNew = task.version === 0 && field.endsWith('At');
  if (isNew) return YET_TO_COME + task.createdAt;
  if (field === 'priority') return PRIORITIES.indexOf(task.priority);
  if (field === 'title') return fold(task.title);
  if (field === 'position') return positionKey(task);
  return task[field] ?? '';
}

const compareKeys = (one: Key, other: Key) => (one < other ? -1 : one > other ? 1 : 0);

/** Compares tasks as the API sorts them; without a due they are last in both directions. */
export function compareTasks(one: Task, other: Task, sort: Sort): number {
  const { field, isDescending } = parseSort(sort);
  if (field === 'due' && (one.due === null) !== (other.due === null)) {
    return one.due === null ? 1 : -1;
  }
  const order =
    compareKeys(keyOf(one, field), keyOf(other, field)) || compareKeys(one.id, other.id);
  return isDescending ? -order : order;
}
