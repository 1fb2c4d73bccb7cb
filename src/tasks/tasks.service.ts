import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { Problem } from '../common/problem.js';
import { ENV, type Env } from '../config/env.js';
import type { DeleteTaskQuery } from './delete-task.query.js';
import { etagOf, fails, type Precondition } from './etag.js';
import type { TaskDto } from './task.dto.js';
import type {
  CompleteTaskDto,
  CreateTaskDto,
  ReplaceTaskDto,
  UpdateTaskDto,
} from './task-input.dto.js';
import { toColumns } from './task.mapper.js';
import { type Place, type TaskChange, TasksRepository } from './tasks.repository.js';

/** What a user can do with tasks: their own, and no others. */
@Injectable()
export class TasksService {
  constructor(
    private readonly tasks: TasksRepository,
    @Inject(ENV) private readonly env: Env,
  ) {}

  create(user: AuthenticatedUser, dto: CreateTaskDto): Promise<TaskDto> {
    const change = { columns: toColumns(dto), completed: dto.completed === true };
    return this.tasks.insert(user.id, change);
  }

  get(user: AuthenticatedUser, id: string): Promise<TaskDto> {
    return this.#find(user, id, 'list');
  }

  replace(
    user: AuthenticatedUser,
    id: string,
    dto: ReplaceTaskDto,
    precondition: Precondition,
  ): Promise<TaskDto> {
    const change = { columns: toColumns(dto), completed: dto.completed };
    return this.#change(user, id, change, precondition);
  }

  update(
    user: AuthenticatedUser,
    id: string,
    dto: UpdateTaskDto,
    precondition: Precondition,
  ): Promise<TaskDto> {
    const completed = dto.completed === undefined ? undefined : dto.completed === true;
    return this.#change(user, id, { columns: toColumns(dto), completed }, precondition);
  }

  complete(
    user: AuthenticatedUser,
    id: string,
    dto: CompleteTaskDto | undefined,
    precondition: Precondition,
  ): Promise<TaskDto> {
    const change = { columns: {}, completed: dto?.completed ?? ('toggle' as const) };
    return this.#change(user, id, change, precondition);
  }

  async delete(
    user: AuthenticatedUser,
    id: string,
    { permanent = false }: DeleteTaskQuery,
    precondition: Precondition,
  ): Promise<void> {
    this.#demandIfMatch(precondition);
    const isDone = permanent
      ? await this.tasks.remove(user.id, id, precondition)
      : await this.tasks.trash(user.id, id, precondition);
    if (isDone) return;
    // If it is there, then in a version that the precondition does not allow.
    throw this.#failed(await this.#find(user, id, permanent ? 'anywhere' : 'list'));
  }

  async restore(user: AuthenticatedUser, id: string, precondition: Precondition): Promise<TaskDto> {
    this.#demandIfMatch(precondition);
    const restored = await this.tasks.restore(user.id, id, precondition);
    if (restored !== null) return restored;
    throw this.#failed(await this.#find(user, id, 'trash'));
  }

  async #change(
    user: AuthenticatedUser,
    id: string,
    change: TaskChange,
    precondition: Precondition,
  ): Promise<TaskDto> {
    this.#demandIfMatch(precondition);
    for (let seen: number | undefined; ;) {
      const changed = await this.tasks.update(user.id, id, change, precondition);
      if (changed !== null) return changed;
      const current = await this.get(user, id);
      if (fails(current.version, precondition)) throw this.#failed(current);
      // There was nothing to change, or the version that If-None-Match refused has gone meanwhile.
      if (precondition.ifNoneMatch === undefined || current.version === seen) return current;
      seen = current.version;
    }
  }

  async #find(user: AuthenticatedUser, id: string, place: Place): Promise<TaskDto> {
    const task = await this.tasks.find(user.id, id, place);
    if (task === null) throw new Problem('task_not_found', 'There is no task with this id.');
    return task;
  }

  #demandIfMatch({ ifMatch }: Precondition): void {
    if (!this.env.REQUIRE_IF_MATCH || ifMatch !== undefined) return;
    throw new Problem('precondition_required', 'Send If-Match with the ETag of the task you read.');
  }

  #failed(current: TaskDto): Problem {
    const etag = etagOf(current.version);
    return new Problem('precondition_failed', `The task is now at version ${etag}.`, {
      headers: { etag },
    });
  }
}
