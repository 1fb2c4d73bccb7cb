import { distinctTags } from './tag-fold';
import { codePointLength, MAX_TAG_LENGTH, MAX_TAGS } from './rules';
import { PRIORITIES, type Priority } from './task';

/** The views of the list, each with an address of its own. */
export type View = 'today' | 'upcoming' | 'all' | 'trash';

/** The order that the person gives the tasks, in one direction alone. */
const MY_ORDER = 'position';
const DIRECTED_FIELDS = ['due', 'priority', 'createdAt', 'updatedAt', 'title'] as const;
export const SORT_FIELDS = [MY_ORDER, ...DIRECTED_FIELDS] as const;
export type SortField = (typeof SORT_FIELDS)[number];
type DirectedField = (typeof DIRECTED_FIELDS)[number];
export type Sort = SortField | `-${DirectedField}`;
const SORTS: readonly Sort[] = [
  MY_ORDER,
  ...DIRECTED_FIELDS.flatMap((field): Sort[] => [field, `-${field}`]),
];

export const STATUSES = ['open', 'done', 'any'] as const;
export type Status = (typeof STATUSES)[number];

export const DUES = ['none', 'set', 'overdue'] as const;
type DueFilter = (typeof DUES)[number];

export const MAX_QUERY_LENGTH = 200;

/** Value of the filter by list for tasks without one. */
export const NO_LIST = 'none';

/** Filters and sort, as the address bar has them. What is absent is the view's own default. */
export interface TaskSearch {
  readonly q?: string;
  /** Id of a list, or `none`. */
  readonly list?: string;
  readonly tags?: readonly string[];
  readonly priority?: readonly Priority[];
  readonly status?: Status;
  readonly due?: DueFilter;
  readonly sort?: Sort;
}

const ESCAPED = /\\[\\,]|[^]/gu;

/** Splits at commas; within a tag `\,` is a comma and `\\` a backslash, as in the API. */
function splitTags(text: string): string[] {
  const parts = [''];
  for (const [token] of text.matchAll(ESCAPED)) {
    if (token === ',') parts.push('');
    else parts.push(`${parts.pop() ?? ''}${/^\\[\\,]/.test(token) ? token.slice(1) : token}`);
  }
  return parts.map((part) => part.trim());
}

/** Joins tags as the API and the address bar have them. */
export const joinTags = (tags: readonly string[]) =>
  tags.map((tag) => tag.replace(/[\\,]/g, String.raw`\$&`)).join(',');

const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((known) => known === value);

/** The router reads `7` and `true` as JSON. */
function asText(value: unknown): string {
  const isSimple = typeof value === 'number' || typeof value === 'boolean';
  return isSimple || typeof value === 'string' ? String(value) : '';
}

function parseTags(value: unknown): string[] {
  const tags = splitTags(asText(value)).filter(
    (tag) => tag !== '' && tag.isWellFormed() && !tag.includes('\0'),
  );
  const short = tags.filter((tag) => codePointLength(tag) <= MAX_TAG_LENGTH);
  return distinctTags(short).slice(0, MAX_TAGS);
}

function parseQuery(value: unknown): string | undefined {
  const text = asText(value).replaceAll('\0', '').toWellFormed();
  return text.trim() === '' ? undefined : Array.from(text).slice(0, MAX_QUERY_LENGTH).join('');
}

function parsePriorities(value: unknown): Priority[] {
  const names = asText(value).split(',');
  return PRIORITIES.filter((priority) => names.includes(priority));
}

const LIST = /^(?:none|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

function parseList(value: unknown): string | undefined {
  const text = asText(value).toLowerCase();
  return LIST.test(text) ? text : undefined;
}

/** Leaves out what is undefined or empty. */
function withoutEmpty<T extends object>(values: T): Partial<T> {
  const set = Object.entries(values as Record<string, unknown>).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(set) as Partial<T>;
}

/** Reads the parameters of an address, which may say anything; what is not known or not valid is left out. */
export function parseSearch(parameters: Record<string, unknown>): TaskSearch {
  return withoutEmpty({
    q: parseQuery(parameters['q']),
    list: parseList(parameters['list']),
    tags: parseTags(parameters['tags']),
    priority: parsePriorities(parameters['priority']),
    status: oneOf(STATUSES, parameters['status']),
    due: oneOf(DUES, parameters['due']),
    sort: oneOf(SORTS, parameters['sort']),
  }) as TaskSearch;
}

/** Writes a search as the parameters of an address: the inverse of `parseSearch`. */
export function searchParameters(search: TaskSearch): Record<string, string> {
  const { q, list, tags = [], priority = [], status, due, sort } = search;
  return withoutEmpty({
    q: q === undefined || q.trim() === '' ? undefined : q,
    list,
    tags: tags.length > 0 ? joinTags(tags) : undefined,
    priority: priority.length > 0 ? priority.join(',') : undefined,
    status,
    due,
    sort,
  }) as Record<string, string>;
}

/** Returns the field that a sort is by, and its direction. */
export const parseSort = (sort: Sort) => ({
  field: sort.replace('-', '') as SortField,
  isDescending: sort.startsWith('-'),
});

/** Returns which tasks are shown, completed or not, in a view. */
export const statusOf = (view: View, { status }: TaskSearch): Status =>
  status ?? (view === 'trash' ? 'any' : 'open');

/** Returns the list whose page is shown: `/all` of one list is its page. */
export const pageList = (view: View, { list }: TaskSearch): string | undefined =>
  view === 'all' && list !== NO_LIST ? list : undefined;

/** Returns the search of a page without any filter. */
export function unfiltered(view: View, search: TaskSearch): TaskSearch {
  const list = pageList(view, search);
  return list === undefined ? {} : { list };
}

/** Returns whether a search narrows its page: the sort does not, nor the list on the page of one. */
export function isFiltered(view: View, { sort: _, ...filters }: TaskSearch): boolean {
  const set = Object.keys(withoutEmpty(filters));
  return set.length > Object.keys(unfiltered(view, filters)).length;
}
