import type { Change, Task, TaskList } from '@taskward/client';

/** An entry of the change log about a task, with its latest state. */
export type TaskEntry = Extract<Change, { readonly task: Task | null }>;
/** An entry of the change log about a list, with its latest state. */
export type ListEntry = Extract<Change, { readonly list: TaskList | null }>;

export const isTaskEntry = (entry: Change): entry is TaskEntry => entry.type.startsWith('task.');
