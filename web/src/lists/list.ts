import type { TaskList } from '@taskward/client';

/** A list of tasks, with its counts as far as they were read. */
export type List = TaskList;

/** The fields that a person writes. */
export type ListFields = Pick<List, 'name' | 'color' | 'archived'>;

const MAX_NAME_LENGTH = 100;

/** Colours to choose from, which stand out from the page in the light and in the dark. */
export const COLORS = {
  red: '#d64545',
  orange: '#d07a1f',
  yellow: '#b8940a',
  green: '#3f9142',
  teal: '#12928f',
  blue: '#3b7dd8',
  purple: '#8a5cd6',
  pink: '#cc4f95',
} as const;
export type ColorName = keyof typeof COLORS;
export const COLOR_NAMES = Object.keys(COLORS) as ColorName[];

/** Returns the code of the rule that a name breaks, by the API. */
export function nameError(name: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return 'too_short';
  if (!trimmed.isWellFormed() || trimmed.includes('\0')) return 'unicode';
  return Array.from(trimmed).length > MAX_NAME_LENGTH ? 'too_long' : undefined;
}

/** Returns the fields of a patch that differ from a list. */
export function changedFields(list: ListFields, patch: Partial<ListFields>): Partial<ListFields> {
  const changed = Object.entries(patch).filter(
    ([field, value]) => list[field as keyof ListFields] !== value,
  );
  return Object.fromEntries(changed);
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** Returns lists in the order of their positions, as the API sorts them. */
export const inOrder = (lists: readonly List[]): List[] =>
  lists.toSorted(
    (one, other) => compare(one.position, other.position) || compare(one.id, other.id),
  );

/** Returns lists with one that was read or written; a response to a write has no counts. */
export function withList(lists: readonly List[], list: List): List[] {
  const before = lists.find(({ id }) => id === list.id);
  const tasks = list.tasks ?? before?.tasks;
  const others = lists.filter((other) => other !== before);
  return inOrder([...others, { ...list, ...(tasks && { tasks }) }]);
}

export const withoutList = (lists: readonly List[], id: string): List[] =>
  lists.filter((list) => list.id !== id);

/** A new place in the order of lists. */
export interface Move {
  readonly lists: readonly List[];
  /** The body of the request. */
  readonly beside: { readonly before?: string; readonly after?: string };
}

/** Moves a list to an index; `undefined` if it is there, or there is no such place. */
export function moveTo(lists: readonly List[], id: string, index: number): Move | undefined {
  const from = lists.findIndex((list) => list.id === id);
  const list = lists[from];
  if (list === undefined || index === from || index < 0 || index >= lists.length) return undefined;
  const moved = lists.toSpliced(from, 1).toSpliced(index, 0, list);
  const next = moved[index + 1];
  const previous = moved[index - 1];
  const beside = next ? { before: next.id } : { ...(previous && { after: previous.id }) };
  return { lists: moved, beside };
}
