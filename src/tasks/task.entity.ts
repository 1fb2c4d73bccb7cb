import { ArrayType, defineEntity, type EntityData, p } from '@mikro-orm/core';
import { arrayLiteral } from './text-array.js';

const ownedByCurrentUser = `owner_id = (select nullif(current_setting('app.user_id', true), ''))`;

/** A `text[]` whose elements come back as they were stored. */
class TextArray extends ArrayType {
  override convertToDatabaseValue(value: string[] | null): string | null {
    return value && arrayLiteral(value);
  }
}

/**
 * A task as PostgreSQL keeps it. The owner is the first part of the key, so no row can be addressed
 * without one; `completed` and `due` are derived from what is stored.
 */
const TaskSchema = defineEntity({
  name: 'Task',
  tableName: 'task',
  properties: {
    ownerId: p.string().length(255).primary(),
    id: p.uuid().primary(),
    title: p.string().length(255),
    description: p.string().length(10_000).nullable(),
    completedAt: p.datetime(3).nullable(),
    /** 0 none, 1 low, 2 medium, 3 high. */
    priority: p.smallint().default(0),
    dueDate: p.date().nullable(),
    dueAt: p.datetime(3).nullable(),
    tags: p.type(TextArray).defaultRaw(`'{}'`),
    createdAt: p.datetime(3).defaultRaw('now()'),
    updatedAt: p.datetime(3).defaultRaw('now()'),
    deletedAt: p.datetime(3).nullable(),
    version: p.integer().default(1),
  },
  checks: [
    { name: 'task_priority_check', expression: 'priority >= 0 and priority <= 3' },
    { name: 'task_due_check', expression: 'due_date is null or due_at is null' },
  ],
  indexes: [
    {
      name: 'task_owner_created_index',
      expression:
        'create index task_owner_created_index on task (owner_id, created_at desc, id desc) where deleted_at is null',
    },
  ],
  rowLevelSecurity: 'force',
  policies: [{ name: 'task_owner', using: ownedByCurrentUser, check: ownedByCurrentUser }],
});

export class Task extends TaskSchema.class {}
TaskSchema.setClass(Task);

/** Some of a task's columns, to be written. */
export type TaskColumns = EntityData<Task>;
