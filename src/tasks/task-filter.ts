import { parseDue } from './due.js';
import type { ListTasksQuery } from './list-tasks.query.js';
import { PRIORITIES } from './priority.js';
import { dueOf, parseRelativeDue, type RelativeDue } from './relative-due.js';
import { arrayLiteral } from '../resource/index.js';
import type { Parameter } from '../database/index.js';
import { startOfDay } from '../common/index.js';
import type { IdsShape, ListParameter, ListShape } from './task-list.sql.js';
import { dayOf, sqlInstant } from './time-zone.js';

/** A moment to compare all-day tasks and tasks with an instant to, in PostgreSQL's format. */
interface Moment {
  readonly day: string;
  readonly instant: string;
  /** The relative date that the moment is of. */
  readonly relative?: RelativeDue;
}

/** The filter of a list. */
export interface TaskFilter {
  readonly trashed: boolean;
  readonly completed: boolean | undefined;
  readonly priorities: readonly number[] | undefined;
  /** Ids of lists and of parents; null among them for tasks without. */
  readonly lists: readonly (string | null)[] | undefined;
  readonly parents: readonly (string | null)[] | undefined;
  readonly tags: readonly string[];
  /** Words to find in title and description; empty if there are none. */
  readonly words: string;
  readonly hasDue: boolean | undefined;
  readonly dueBefore: Moment | undefined;
  readonly dueAfter: Moment | undefined;
}

function momentOf(text: string | undefined, timeZone: string, now: number): Moment | undefined {
  if (text === undefined) return undefined;
  const relative = parseRelativeDue(text);
  const due = relative ? dueOf(relative, timeZone, now) : parseDue(text);
  if (due === undefined) return undefined;
  const day = due.dueDate ?? dayOf(Number(due.dueAt), timeZone);
  const instant = due.dueDate === null ? Number(due.dueAt) : startOfDay(due.dueDate, timeZone);
  return { day, instant: sqlInstant(instant), ...(relative && { relative }) };
}

function idsOf(values: readonly string[] | undefined): TaskFilter['lists'] {
  if (values === undefined) return undefined;
  const unique = new Set(values.map((value) => (value === 'none' ? null : value.toLowerCase())));
  return [...unique].sort();
}

/** Returns the filter of a query; equivalent queries have equal filters. */
export function filterOf(query: ListTasksQuery): TaskFilter {
  const { priority, tags = [], q = '', timeZone } = query;
  const now = Date.now();
  return {
    trashed: query.trashed === true,
    completed: query.completed,
    priorities: priority && PRIORITIES.flatMap((name, i) => (priority.includes(name) ? [i] : [])),
    lists: idsOf(query.list),
    parents: idsOf(query.parent),
    tags: [...new Set(tags)].sort(),
    words: q.trim(),
    hasDue: query.hasDue,
    dueBefore: momentOf(query.dueBefore, timeZone, now),
    dueAfter: momentOf(query.dueAfter, timeZone, now),
  };
}

/** Returns the filter that a cursor is bound to, which keeps `today` instead of the day that it means. */
export function boundFilterOf(filter: TaskFilter): object {
  const { dueBefore, dueAfter } = filter;
  if (!dueBefore?.relative && !dueAfter?.relative) return filter;
  return {
    ...filter,
    dueBefore: dueBefore?.relative ?? dueBefore,
    dueAfter: dueAfter?.relative ?? dueAfter,
  };
}

function idsShapeOf(ids: readonly (string | null)[]): IdsShape {
  if (!ids.includes(null)) return ids.length === 1 ? 'one' : 'some';
  return ids.length === 1 ? 'none' : 'some or none';
}

/** Returns the parameter of the ids that are compared with: one, or an array. */
function idsParameter(ids: readonly (string | null)[]): Parameter {
  const [first = null] = ids;
  return idsShapeOf(ids) === 'one' ? first : arrayLiteral(ids.filter((id) => id !== null));
}

/** Returns whether a filter has words or tags to look up. */
export const isSearch = ({ words, tags }: TaskFilter): boolean => words !== '' || tags.length > 0;

/** Returns the parts of a filter that determine the SQL of its list. */
export function shapeOf(filter: TaskFilter): Omit<ListShape, 'isAlwaysFitting' | 'isLookedUp'> {
  const { trashed, completed, priorities, hasDue, dueBefore, dueAfter } = filter;
  const { lists, parents } = filter;
  return {
    trashed,
    completed,
    priorities: priorities && (priorities.length === 1 ? 'one' : 'some'),
    lists: lists && idsShapeOf(lists),
    parents: parents && idsShapeOf(parents),
    isSearch: isSearch(filter),
    hasDue,
    dueBefore: dueBefore !== undefined,
    dueAfter: dueAfter !== undefined,
  };
}

/** Returns the SQL parameters that a filter has values for. */
export function valuesOf(filter: TaskFilter): Partial<Record<ListParameter, Parameter>> {
  const { priorities, lists, parents, words, tags, dueBefore, dueAfter } = filter;
  const [first] = priorities ?? [];
  return {
    words,
    tags: arrayLiteral(tags),
    ...(priorities && {
      priorities: priorities.length === 1 ? String(first) : arrayLiteral(priorities.map(String)),
    }),
    ...(lists && { lists: idsParameter(lists) }),
    ...(parents && { parents: idsParameter(parents) }),
    ...(dueBefore && { dueBeforeDay: dueBefore.day, dueBeforeInstant: dueBefore.instant }),
    ...(dueAfter && { dueAfterDay: dueAfter.day, dueAfterInstant: dueAfter.instant }),
  };
}
