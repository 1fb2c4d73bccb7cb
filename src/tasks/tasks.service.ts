import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { Problem } from '../common/problem.js';
import { ENV, type Env } from '../config/env.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { etagOf, type Expected, isStale } from './etag.js';
import type { ListTasksQuery } from './list-tasks.query.js';
import type { TaskDto, TaskPageDto } from './task.dto.js';
import type { CompleteTaskDto, CreateTaskDto, UpdateTaskDto } from './task-input.dto.js';
import { toColumns, toDto } from './task.mapper.js';
import { type TaskChange, TasksRepository } from './tasks.repository.js';

const NEWEST_FIRST = '-createdAt';

/** What a user can do with tasks: their own, and no others. */
@Injectable()
export class TasksService {
  constructor(
    private readonly tasks: TasksRepository,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async create(user: AuthenticatedUser, dto: CreateTaskDto): Promise<TaskDto> {
    const change = { columns: toColumns(dto), completed: dto.completed };
    return toDto(await this.tasks.insert(user.id, change));
  }

  async list(user: AuthenticatedUser, { limit, cursor }: ListTasksQuery): Promise<TaskPageDto> {
    const after = cursor === undefined ? undefined : decodeCursor(user.id, NEWEST_FIRST, cursor);
    // One more than asked for tells whether there is a next page.
    const rows = await this.tasks.list(user.id, limit + 1, after);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      data: page.map(toDto),
      nextCursor: more ? encodeCursor(user.id, NEWEST_FIRST, last) : null,
    };
  }

  async get(user: AuthenticatedUser, id: string): Promise<TaskDto> {
    const task = await this.tasks.find(user.id, id);
    if (task === null) throw this.#notFound();
    return toDto(task);
  }

  async update(
    user: AuthenticatedUser,
    id: string,
    dto: UpdateTaskDto,
    expected: Expected,
  ): Promise<TaskDto> {
    const completed = dto.completed === undefined ? undefined : dto.completed === true;
    return this.#change(user, id, { columns: toColumns(dto), completed }, expected);
  }

  async complete(
    user: AuthenticatedUser,
    id: string,
    dto: CompleteTaskDto | undefined,
    expected: Expected,
  ): Promise<TaskDto> {
    return this.#change(user, id, { columns: {}, completed: dto?.completed ?? 'toggle' }, expected);
  }

  async delete(user: AuthenticatedUser, id: string, expected: Expected): Promise<void> {
    this.#demandCondition(expected);
    if (await this.tasks.trash(user.id, id, expected)) return;
    // It is there, then, in a version that was not expected.
    throw this.#stale(await this.get(user, id));
  }

  async #change(
    user: AuthenticatedUser,
    id: string,
    change: TaskChange,
    expected: Expected,
  ): Promise<TaskDto> {
    this.#demandCondition(expected);
    const changed = await this.tasks.update(user.id, id, change, expected);
    if (changed !== null) return toDto(changed);
    const current = await this.get(user, id);
    if (isStale(current.version, expected)) throw this.#stale(current);
    return current;
  }

  #demandCondition(expected: Expected): void {
    if (!this.env.REQUIRE_IF_MATCH || expected !== undefined) return;
    throw new Problem('precondition_required', 'Send If-Match with the ETag of the task you read.');
  }

  #notFound(): Problem {
    return new Problem('task_not_found', 'There is no task with this id.');
  }

  #stale(current: TaskDto): Problem {
    const etag = etagOf(current.version);
    return new Problem('precondition_failed', `The task is now at version ${etag}.`, {
      headers: { etag },
    });
  }
}
