import type { Row } from '../database/index.js';
import type { StoredRecurrence } from '../recurrence/index.js';
import type { RowReaders } from '../resource/index.js';
import type { TaskDto } from './task.dto.js';
import { dtoOf } from './task-values.js';
import type { Task } from './task.entity.js';

/** A task with what responses do not show, so that it can be made again. */
export interface ExportedTask {
  readonly task: TaskDto;
  readonly listName: string | null;
  /** State of the series; null for a task that does not repeat. */
  readonly stored: StoredRecurrence | null;
  /** Id of the task that the completion of this one has created. */
  readonly nextTaskId: string | null;
  readonly isTrashed: boolean;
  /** Id of the task or list whose delete took this one. */
  readonly trashedWith: string | null;
}

/** Converts a row of `exportTasks`. */
export function exportedTaskOf(read: RowReaders<Task>, row: Row): ExportedTask {
  const [isTrashed, trashedWith = null, nextTaskId = null, listName = null] = row.slice(-4);
  return {
    task: dtoOf(read, row),
    listName,
    stored: read.recurrence(row),
    nextTaskId,
    isTrashed: isTrashed === 't',
    trashedWith,
  };
}
