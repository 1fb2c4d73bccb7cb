import type { Parameter, Row } from '../database/index.js';
import { parseDue } from './due.js';
import { PRIORITIES, type PriorityName } from './priority.js';
import type { TaskDto } from './task.dto.js';
import type { CreateTaskDto, UpdateTaskDto } from './task-input.dto.js';
import { arrayLiteral, parseArray } from './text-array.js';

/** What a task shows of its row, as `toDto` reads it: all but the owner, and what only PostgreSQL needs. */
export const SHOWN_COLUMNS =
  'id, title, description, completed_at, priority, due_date, due_at, tags, created_at, updated_at, version';

/** What every change of a task sets besides. */
export const NEW_VERSION = 'version = version + 1, updated_at = now()';

type ShownRow = readonly [
  id: string,
  title: string,
  description: string | null,
  completedAt: string | null,
  priority: string,
  dueDate: string | null,
  dueAt: string | null,
  tags: string,
  createdAt: string,
  updatedAt: string,
  version: string,
];

/** Some of a task's columns, to be written. */
export interface TaskColumns {
  readonly title?: string;
  readonly description?: string | null;
  readonly priority?: number;
  readonly dueDate?: string | null;
  readonly dueAt?: Date | null;
  readonly tags?: readonly string[];
}

const NO_DUE = { dueDate: null, dueAt: null };

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

/** A column's value as PostgreSQL reads it. */
export function toParameter(value: TaskColumns[keyof TaskColumns]): Parameter {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? arrayLiteral(value) : String(value);
}

/** Adds a parameter; returns its place in the statement, in which the owner is the first one. */
export function push(parameters: Parameter[], value: Parameter): string {
  return `$${String(parameters.push(value) + 1)}`;
}

/** An instant as PostgreSQL writes it in UTC, `2026-11-20 17:29:00.5+00`, in RFC 3339. */
function instant(text: string): string {
  const [day, time] = [text.slice(0, 10), text.slice(11, 19)];
  return `${day}T${time}.${text.slice(20, -3).padEnd(3, '0')}Z`;
}

/** A row of `SHOWN_COLUMNS` as clients see it. */
export function toDto(row: Row): TaskDto {
  const [
    id,
    title,
    description,
    completedAt,
    priority,
    dueDate,
    dueAt,
    tags,
    createdAt,
    updatedAt,
    version,
  ] = row as unknown as ShownRow;
  return {
    id,
    title,
    description,
    completed: completedAt !== null,
    completedAt: completedAt && instant(completedAt),
    priority: PRIORITIES[Number(priority)] ?? 'none',
    due: dueDate ?? (dueAt && instant(dueAt)),
    tags: parseArray(tags),
    createdAt: instant(createdAt),
    updatedAt: instant(updatedAt),
    version: Number(version),
  };
}
