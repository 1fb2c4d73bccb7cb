import { sql } from 'kysely';
import type { ResourceRules } from '../resource/index.js';
import type { TaskDto } from './task.dto.js';
import type { Task } from './task.entity.js';

const LOGGED = [
  'title',
  'description',
  'completedAt',
  'priority',
  'dueDate',
  'dueAt',
  'tags',
  'recurrence',
  'listId',
  'parentId',
  'position',
] as const;

const FIELDS = [
  'title',
  'description',
  'completed',
  'priority',
  'due',
  'tags',
  'recurrence',
  'listId',
  'parentId',
  'position',
] as const satisfies readonly (keyof TaskDto)[];

/** Parts of a task that are measured and logged, and the writes that concern one row alone. */
export const TASK_RULES: ResourceRules<Task> = {
  tasks: 1,
  measured: ['title', 'description', 'tags'],
  bytes: (measured) => sql`task_bytes(${sql.join(measured)})`,
  log: {
    name: 'task',
    properties: LOGGED,
    fields: FIELDS,
    types: [
      { type: 'completed', of: ['completedAt'], after: sql`changed.completed_at is not null` },
      { type: 'reopened', of: ['completedAt'] },
      { type: 'moved', of: ['listId', 'parentId', 'position'] },
    ],
  },
  alone: {
    update: sql`recurrence is null`,
    trash: sql`not has_subtasks`,
    restore: sql`not has_subtasks and list_id is null and parent_id is null`,
    remove: sql`not has_subtasks`,
  },
};
