import type { Task, TaskFields } from './task';

/** The action that a message reports, with its text in the catalogue. */
type ActionName =
  | 'added'
  | 'edited'
  | 'completed'
  | 'reopened'
  | 'trashed'
  | 'restored'
  | 'deleted'
  | 'undone'
  | 'listTrashed'
  | 'listRestored'
  | 'listNotRestored'
  | 'notStored';

/** An action that was just taken. */
export interface Action {
  readonly name: ActionName;
  readonly tasks: readonly Task[];
  /** Name of the list that the action is about. */
  readonly title?: string;
  /** Absent if it cannot be undone. */
  readonly undo?: () => Promise<boolean>;
}

/** A bulk action, whose entries leave the queue one batch after the other. */
export interface Bulk {
  readonly group: string;
  readonly total: number;
}

/** Returns the name of an edit. */
export function nameOf(patch: Partial<TaskFields>): ActionName {
  if (Object.keys(patch).length > 1 || patch.completed === undefined) return 'edited';
  return patch.completed ? 'completed' : 'reopened';
}

/** Returns the action of undoing one. */
export const undone = ({ tasks, title }: Action): Action =>
  title === undefined ? { name: 'undone', tasks } : { name: 'listRestored', tasks, title };
