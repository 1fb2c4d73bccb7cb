import type { Row } from '../database/index.js';
import {
  type Change,
  type NewValues,
  NOW,
  endPosition,
  type RowReaders,
} from '../resource/index.js';
import { COMPLETION } from './completion.sql.js';
import { parseDue } from './due.js';
import { PRIORITIES, type PriorityName } from './priority.js';
import type { Body, CreateTaskDto, ReplaceTaskDto, TaskDto, UpdateTaskDto } from './task.dto.js';
import type { Task } from './task.entity.js';

export const WITHOUT_DUE = { dueDate: null, dueAt: null };

type AnyBody = Body<CreateTaskDto> | Body<ReplaceTaskDto> | Body<UpdateTaskDto>;

/** Fields whose values depend on what is stored. */
type StoredFirst = 'completed' | 'recurrence';

/**
 * Returns the values of a body's fields; absent fields have no value. Those that depend on what is stored have
 * none, either.
 */
export function valuesOf(body: AnyBody): NewValues<Task> {
  const { title, description, priority, due, tags, listId, parentId, ...rest } = body;
  rest satisfies { [Name in keyof typeof rest]: Name extends StoredFirst ? unknown : never };
  const names: readonly (PriorityName | null)[] = PRIORITIES;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(priority !== undefined && { priority: names.indexOf(priority ?? 'none') }),
    ...(due !== undefined && (parseDue(due ?? '') ?? WITHOUT_DUE)),
    ...(tags !== undefined && { tags: tags ?? [] }),
    ...(listId !== undefined && { listId }),
    ...(parentId !== undefined && { parentId }),
  };
}

/** Returns the change that a patch makes. */
export const changeOf = (patch: UpdateTaskDto): Change<Task> => ({
  values: valuesOf(patch),
  derived: patch.completed === undefined ? undefined : COMPLETION[`${patch.completed === true}`],
});

const DEFAULTS = {
  description: null,
  priority: 0,
  dueDate: null,
  dueAt: null,
  tags: [],
  listId: null,
  parentId: null,
};

/** Returns all values of a new task, which goes to the end. */
export const newTask = (body: Body<CreateTaskDto>): NewValues<Task> => ({
  ...DEFAULTS,
  ...valuesOf(body),
  completedAt: body.completed === true ? NOW : null,
  position: endPosition(),
});

/** Converts a row to a task as clients see it. */
export function dtoOf(read: RowReaders<Task>, row: Row): TaskDto {
  const completedAt = read.completedAt(row);
  const recurrence = read.recurrence(row);
  return {
    id: read.id(row),
    title: read.title(row),
    description: read.description(row),
    completed: completedAt !== null,
    completedAt,
    priority: PRIORITIES[read.priority(row)] ?? 'none',
    due: read.dueDate(row) ?? read.dueAt(row),
    tags: read.tags(row),
    listId: read.listId(row),
    parentId: read.parentId(row),
    recurrence: recurrence && {
      rule: recurrence.rule,
      timeZone: recurrence.timeZone,
      basis: recurrence.basis,
    },
    seriesId: recurrence && (read.seriesId(row) ?? read.id(row)),
    position: read.position(row),
    createdAt: read.createdAt(row),
    updatedAt: read.updatedAt(row),
    version: read.version(row),
  };
}
