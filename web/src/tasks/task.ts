import type { Task } from '@taskward/client';

export type { Task };

export const PRIORITIES = ['none', 'low', 'medium', 'high'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** The fields that a person writes. */
export type TaskFields = Pick<
  Task,
  'title' | 'description' | 'completed' | 'priority' | 'due' | 'recurrence' | 'listId'
> & {
  readonly tags: readonly string[];
};

export const FIELDS = [
  'title',
  'description',
  'completed',
  'priority',
  'due',
  'recurrence',
  'tags',
  'listId',
] as const;

/** Returns a value as text: the members of an object always in the same order. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.entries(inner).sort()
      : inner,
  );

/** Returns whether two values of a field are the same; one that is not there is null. */
export const isSameValue = (one: unknown, other: unknown): boolean =>
  one === other || textOf(one ?? null) === textOf(other ?? null);

/** Returns the fields of a patch that differ from a task. */
export function changedFields(task: TaskFields, patch: Partial<TaskFields>): Partial<TaskFields> {
  const changed = FIELDS.filter(
    (field) => field in patch && !isSameValue(patch[field], task[field]),
  );
  return Object.fromEntries(changed.map((field) => [field, patch[field]]));
}

/**
 * Returns the task that an edit is compared to: the one that it began with, under the id and, if it is
 * still the same, with the version that it has by now.
 */
export function editedTask(begun: Task, current: Task): Task {
  const isSame = Object.keys(changedFields(current, begun)).length === 0;
  return isSame ? current : { ...begun, id: current.id };
}

/** Returns the part of a task that undoes a patch. */
export function inversePatch(task: TaskFields, patch: Partial<TaskFields>): Partial<TaskFields> {
  return Object.fromEntries(
    FIELDS.filter((field) => field in patch).map((field) => [field, task[field]]),
  );
}

/** Returns the fields of a task that a person writes. */
export const fieldsOf = (task: TaskFields): TaskFields => {
  const { title, description, completed, priority, due, recurrence, tags, listId } = task;
  return { title, description, completed, priority, due, recurrence, tags, listId };
};
/** Returns whether the server has yet to make a task. */
export const isNew = ({ version }: Pick<Task, 'version'>): boolean => version === 0;

/** The place of a task that the server has not placed yet. */
export const NO_PLACE = {
  parentId: null,
  position: '',
  seriesId: null,
} as const;

export const EMPTY_FIELDS: TaskFields = {
  title: '',
  description: null,
  completed: false,
  priority: 'none',
  due: null,
  recurrence: null,
  tags: [],
  listId: null,
};
