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
  | 'notStored';

/** An action that was just taken. */
export interface Action {
  readonly name: ActionName;
  readonly tasks: readonly Task[];
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
