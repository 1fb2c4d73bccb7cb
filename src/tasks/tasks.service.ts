import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { Problem } from '../problems/index.js';
import { ENV, type Env } from '../config/index.js';
import type { DeleteTaskQuery } from './delete-task.query.js';
import { fails, type Precondition, preconditionFailed } from '../resource/index.js';
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
    const isDone = permanent
      ? () => this.tasks.remove(user.id, id, precondition)
      : () => this.tasks.trash(user.id, id, precondition);
    const find = () => this.#find(user, id, permanent ? 'anywhere' : 'list');
    await this.#write(async () => (await isDone()) || null, find, precondition);
  }

  restore(user: AuthenticatedUser, id: string, precondition: Precondition): Promise<TaskDto> {
    const restore = () => this.tasks.restore(user.id, id, precondition);
    return this.#write(restore, () => this.#find(user, id, 'trash'), precondition);
  }

  #change(
    user: AuthenticatedUser,
    id: string,
    change: TaskChange,
    precondition: Precondition,
  ): Promise<TaskDto> {
    const update = () => this.tasks.update(user.id, id, change, precondition);
    return this.#write(update, () => this.get(user, id), precondition);
  }

  /**
   * Writes, and reads the task when nothing was written. The task may have changed in between, so
   * the read alone explains nothing: it is done again until it succeeds, the task is not there, or
   * the precondition fails. A version that is read twice was there all the time, so there was
   * nothing to change.
   *
   * @throws Problem `precondition_failed`, never without a precondition, or what `find` throws.
   */
  async #write<Result>(
    write: () => Promise<Result | null>,
    find: () => Promise<TaskDto>,
    precondition: Precondition,
  ): Promise<Result | TaskDto> {
    this.#demandIfMatch(precondition);
    for (let found: number | undefined; ;) {
      const written = await write();
      if (written !== null) return written;
      const current = await find();
      if (fails(current.version, precondition)) {
        throw preconditionFailed(current.version, precondition);
      }
      if (current.version === found) return current;
      found = current.version;
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
}
