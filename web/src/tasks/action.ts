import type { Task, TaskFields } from './task';

/** The action that a message reports, with its text in the catalogue. */
type ActionName =
  | 'added'
  | 'edited'
  | 'completed'
  | 'completedBelow'
  | 'reopened'
  | 'trashed'
  | 'trashedBelow'
  | 'restored'
  | 'deleted'
  | 'moved'
  | 'movedBelow'
  | 'notMoved'
  | 'movedElsewhere'
  | 'skipped'
  | 'skippedForGood'
  | 'changedElsewhere'
  | 'reverted'
  | 'notSkipped'
  | 'undone'
  | 'listed'
  | 'unlisted'
  | 'listTrashed'
  | 'listRestored'
  | 'listNotRestored'
  | 'notStored';

interface ActionValues {
  readonly place?: number;
  readonly total?: number;
  /** Title of the new parent. */
  readonly parent?: string;
  /** Version that was restored. */
  readonly version?: number;
  /** Name of the new list. */
  readonly list?: string;
  /** Code of the reason for which nothing was done, and the server's own text. */
  readonly rule?: string;
  readonly detail?: string;
}

/** An action that was just taken. */
export interface Action {
  readonly name: ActionName;
  readonly tasks: readonly Task[];
  /** Name of the list that the action is about. */
  readonly title?: string;
  /** Values of the text about the action. */
  readonly values?: ActionValues;
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
