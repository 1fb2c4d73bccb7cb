import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { ENV, type Env } from '../config/index.js';
import { Problem } from '../problems/index.js';
import {
  assertIfMatch,
  type Change,
  type Location,
  type Precondition,
  writeConditionally,
} from '../resource/index.js';
import type { DeleteTaskQuery } from './delete-task.query.js';
import type {
  TaskDto,
  CompleteTaskDto,
  CreateTaskDto,
  ReplaceTaskDto,
  UpdateTaskDto,
} from './task.dto.js';
import type { Task } from './task.entity.js';
import { newTask, valuesOf } from './task-values.js';
import { COMPLETION, TasksRepository } from './tasks.repository.js';

/** The operations on a user's own tasks. */
@Injectable()
export class TasksService {
  constructor(
    private readonly tasks: TasksRepository,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async create(user: AuthenticatedUser, dto: CreateTaskDto): Promise<TaskDto> {
    const [task] = await this.tasks.insert(user.id, [newTask(dto)]);
    if (task === undefined) throw new Error('The created task was not returned.');
    return task;
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
    const change = { values: valuesOf(dto), derived: COMPLETION[`${dto.completed}`] };
    return this.#change(user, id, change, precondition);
  }

  update(
    user: AuthenticatedUser,
    id: string,
    dto: UpdateTaskDto,
    precondition: Precondition,
  ): Promise<TaskDto> {
    const derived =
      dto.completed === undefined ? undefined : COMPLETION[`${dto.completed === true}`];
    return this.#change(user, id, { values: valuesOf(dto), derived }, precondition);
  }

  complete(
    user: AuthenticatedUser,
    id: string,
    dto: CompleteTaskDto | undefined,
    precondition: Precondition,
  ): Promise<TaskDto> {
    const change = { values: {}, derived: COMPLETION[`${dto?.completed ?? 'toggle'}`] };
    return this.#change(user, id, change, precondition);
  }

  async delete(
    user: AuthenticatedUser,
    id: string,
    { permanent = false }: DeleteTaskQuery,
    precondition: Precondition,
  ): Promise<void> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    const isDone = permanent
      ? () => this.tasks.remove(user.id, id, precondition)
      : () => this.tasks.trash(user.id, id, precondition);
    await writeConditionally(
      precondition,
      async () => (await isDone()) || null,
      () => this.#find(user, id, permanent ? 'anywhere' : 'list'),
    );
  }

  restore(user: AuthenticatedUser, id: string, precondition: Precondition): Promise<TaskDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    return writeConditionally(
      precondition,
      () => this.tasks.restore(user.id, id, precondition),
      () => this.#find(user, id, 'trash'),
    );
  }

  #change(
    user: AuthenticatedUser,
    id: string,
    change: Change<Task>,
    precondition: Precondition,
  ): Promise<TaskDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    return writeConditionally(
      precondition,
      () => this.tasks.update(user.id, id, change, precondition),
      () => this.#find(user, id, 'list'),
    );
  }

  async #find(user: AuthenticatedUser, id: string, location: Location): Promise<TaskDto> {
    const task = await this.tasks.find(user.id, id, location);
    if (task === null) throw new Problem('task_not_found', 'There is no task with this id.');
    return task;
  }
}
