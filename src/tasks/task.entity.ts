import { ArrayType, defineEntity, p } from '@mikro-orm/core';
import { SYSTEM_ROLE } from '../database/index.js';
import { arrayLiteral } from '../resource/index.js';
import { TasksRepository } from './tasks.repository.js';

const ownedByCurrentUser = `owner_id = (select nullif(current_setting('app.user_id', true), ''))`;

/** A `text[]` whose elements come back as they were stored. */
class TextArray extends ArrayType {
  override convertToDatabaseValue(value: string[] | null): string | null {
    return value && arrayLiteral(value);
  }
}

const index = (name: string, definition: string) => ({
  name,
  expression: `create index ${name} on task ${definition}`,
});

/** An index of the rows of each owner, in an order, as far as they fulfil a condition. */
const ownerIndex = (name: string, columns: string, condition: string) =>
  index(`task_owner_${name}_index`, `(owner_id, ${columns}) where ${condition}`);

/**
 * A task as PostgreSQL keeps it. The owner is the first part of the key, so no row can be addressed
 * without one; `completed` and `due` are derived from what is stored.
 */
export const TaskSchema = defineEntity({
  name: 'Task',
  tableName: 'task',
  repository: () => TasksRepository,
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
    /** The title as it sorts: without regard to case and accents. PostgreSQL derives it. */
    titleKey: p.text().collation('C').generated('task_title_key((title)::text) stored').lazy(),
    /** What a search finds: words and tags. PostgreSQL derives it. */
    terms: p
      .string()
      .columnType('tsvector')
      .generated('task_terms((owner_id)::text, (title)::text, (description)::text, tags) stored')
      .lazy(),
  },
  checks: [
    { name: 'task_priority_check', expression: 'priority >= 0 and priority <= 3' },
    { name: 'task_due_check', expression: 'due_date is null or due_at is null' },
  ],
  indexes: [
    ownerIndex('created', 'created_at desc, id desc', 'deleted_at is null'),
    ownerIndex('updated', 'updated_at, id', 'deleted_at is null'),
    ownerIndex('title', 'title_key, id', 'deleted_at is null'),
    ownerIndex('priority', 'priority, id', 'deleted_at is null'),
    ownerIndex('due_date', 'due_date, id', 'deleted_at is null and due_date is not null'),
    ownerIndex('due_at', 'due_at, id', 'deleted_at is null and due_at is not null'),
    ownerIndex('no_due', 'id', 'deleted_at is null and due_date is null and due_at is null'),
    ownerIndex('open', 'created_at, id', 'deleted_at is null and completed_at is null'),
    ownerIndex('completed', 'created_at, id', 'deleted_at is null and completed_at is not null'),
    ownerIndex('priority_created', 'priority, created_at, id', 'deleted_at is null'),
    ownerIndex('trash', 'created_at, id', 'deleted_at is not null'),
    index('task_terms_index', 'using gin (terms) with (fastupdate = off)'),
    index('task_deleted_index', '(deleted_at) where deleted_at is not null'),
  ],
  rowLevelSecurity: 'force',
  policies: [
    { name: 'task_owner', using: ownedByCurrentUser, check: ownedByCurrentUser },
    // What the functions of the system's role may look at: search, and the purge of the trash.
    { name: 'task_system', command: 'select', roles: [SYSTEM_ROLE], using: 'true' },
    {
      name: 'task_purge',
      command: 'delete',
      roles: [SYSTEM_ROLE],
      using: 'deleted_at is not null',
    },
    {
      name: 'task_purge_lock',
      command: 'update',
      roles: [SYSTEM_ROLE],
      using: 'deleted_at is not null',
      check: 'false',
    },
  ],
});

export class Task extends TaskSchema.class {}
TaskSchema.setClass(Task);
