import { type NewValues, NOW } from '../resource/index.js';
import { parseDue } from './due.js';
import { PRIORITIES, type PriorityName } from './priority.js';
import type { CreateTaskDto, UpdateTaskDto } from './task-input.dto.js';
import type { Task } from './task.entity.js';

const WITHOUT_DUE = { dueDate: null, dueAt: null };

/** Returns the values of a body's fields but `completed`; a field that is not in the body has none. */
export function valuesOf(body: CreateTaskDto | UpdateTaskDto): NewValues<Task> {
  const { title, description, priority, due, tags } = body;
  const names: readonly (PriorityName | null)[] = PRIORITIES;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(priority !== undefined && { priority: names.indexOf(priority ?? 'none') }),
    ...(due !== undefined && (parseDue(due ?? '') ?? WITHOUT_DUE)),
    ...(tags !== undefined && { tags: tags ?? [] }),
  };
}

const DEFAULTS = { description: null, priority: 0, dueDate: null, dueAt: null, tags: [] };

/** Returns all values of a new task. */
export const newTask = (body: CreateTaskDto): NewValues<Task> => ({
  ...DEFAULTS,
  ...valuesOf(body),
  completedAt: body.completed === true ? NOW : null,
});
