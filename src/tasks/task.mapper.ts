import { parseDue } from './due.js';
import { PRIORITIES, type PriorityName } from './priority.js';
import type { TaskDto } from './task.dto.js';
import type { Task, TaskColumns } from './task.entity.js';
import type { CreateTaskDto, UpdateTaskDto } from './task-input.dto.js';

const NO_DUE = { dueDate: null, dueAt: null };

const instant = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;

/** The columns of a body's fields; a field that is not in the body has none. */
export function toColumns(body: CreateTaskDto | UpdateTaskDto): TaskColumns {
  const { title, description, priority, due, tags } = body;
  const names: readonly (PriorityName | null)[] = PRIORITIES;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(priority !== undefined && { priority: names.indexOf(priority ?? 'none') }),
    ...(due !== undefined && (parseDue(due ?? '') ?? NO_DUE)),
    ...(tags !== undefined && { tags: tags ?? [] }),
  };
}

/** A row as clients see it. */
export function toDto(row: Task): TaskDto {
  return {
    id: row.id,
    title: row.title,
    description: row.description ?? null,
    completed: row.completedAt != null,
    completedAt: instant(row.completedAt),
    priority: PRIORITIES[row.priority] ?? 'none',
    due: row.dueDate ?? instant(row.dueAt),
    tags: row.tags,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version: row.version,
  };
}
