import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { ENV, type Env } from '../config/index.js';
import { Problem } from '../problems/index.js';
import {
  assertIfMatch,
  type Change,
  Cursors,
  type HistoryDto,
  historyOf,
  type HistoryQuery,
  type Location,
  type Precondition,
  type RevertDto,
  versionOf,
  writeConditionally,
} from '../resource/index.js';
import { COMPLETION } from './completion.sql.js';
import type { CompleteTaskQuery } from './complete-task.query.js';
import type { DeleteTaskQuery } from './delete-task.query.js';
import type { GetTaskQuery } from './list-tasks.query.js';
import type { OccurrencesDto } from './occurrences.dto.js';
import type { OccurrencesQuery } from './occurrences.query.js';
import { TaskSeries } from './task-series.service.js';
import type { MoveTaskDto } from './move-task.dto.js';
import type {
  TaskDto,
  CompleteTaskDto,
  CreateTaskDto,
  ReplaceTaskDto,
  UpdateTaskDto,
} from './task.dto.js';
import type { Task } from './task.entity.js';
import { namesPlace } from './task-places.service.js';
import { TaskTreeService, type TreeFields } from './task-tree.service.js';
import { changeOf, newTask, valuesOf } from './task-values.js';
import { TasksRepository } from './tasks.repository.js';

export const NO_SUBTASKS = { total: 0, completed: 0 };

/** The operations on a user's own tasks. */
@Injectable()
export class TasksService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly tree: TaskTreeService,
    private readonly series: TaskSeries,
    private readonly cursors: Cursors,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async create(user: AuthenticatedUser, dto: CreateTaskDto): Promise<TaskDto> {
    if (dto.listId || dto.parentId || dto.recurrence)
      return this.tree.create(user, newTask(dto), dto);
    const [task] = await this.tasks.insert(user, [newTask(dto)]);
    if (task === undefined) throw new Error('The created task was not returned.');
    return task;
  }

  async get(user: AuthenticatedUser, id: string, { include }: GetTaskQuery): Promise<TaskDto> {
    const task = await this.#find(user, id, 'list');
    if (include === undefined) return task;
    const counts = await this.tasks.countSubtasks(user.id, [id]);
    return Object.assign(task, { subtasks: counts.get(id) ?? NO_SUBTASKS });
  }

  replace(
    user: AuthenticatedUser,
    id: string,
    dto: ReplaceTaskDto,
    precondition: Precondition,
  ): Promise<TaskDto> {
    const change = { values: valuesOf(dto), derived: COMPLETION[`${dto.completed}`] };
    return this.#change(user, id, change, { fields: dto, precondition });
  }

  update(
    user: AuthenticatedUser,
    id: string,
    dto: UpdateTaskDto,
    precondition: Precondition,
  ): Promise<TaskDto> {
    return this.#change(user, id, changeOf(dto), { fields: dto, precondition });
  }

  complete(
    user: AuthenticatedUser,
    id: string,
    dto: CompleteTaskDto | undefined,
    { subtasks }: CompleteTaskQuery,
    precondition: Precondition,
  ): Promise<TaskDto> {
    const change = { values: {}, derived: COMPLETION[`${dto?.completed ?? 'toggle'}`] };
    if (subtasks === undefined) return this.#change(user, id, change, { fields: {}, precondition });
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    const find = () => this.#find(user, id, 'list');
    return this.tree.complete(user, id, change, { precondition, find });
  }

  move(
    user: AuthenticatedUser,
    id: string,
    dto: MoveTaskDto,
    precondition: Precondition,
  ): Promise<TaskDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    const find = () => this.#find(user, id, 'list');
    return this.tree.move(user, id, dto, { precondition, find });
  }

  skip(user: AuthenticatedUser, id: string, precondition: Precondition): Promise<TaskDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    const find = () => this.#find(user, id, 'list');
    return this.tree.skip(user, id, { precondition, find });
  }

  async occurrences(
    user: AuthenticatedUser,
    id: string,
    query: OccurrencesQuery,
  ): Promise<OccurrencesDto> {
    const task = await this.#find(user, id, 'list');
    return { data: await this.series.occurrences(user, task, query) };
  }

  async history(user: AuthenticatedUser, id: string, query: HistoryQuery): Promise<HistoryDto> {
    await this.#find(user, id, 'anywhere');
    return historyOf(this.tasks, this.cursors, { ownerId: user.id, id }, query);
  }

  /** @throws Problem `validation_failed` if the history does not have that version. */
  async revert(
    user: AuthenticatedUser,
    id: string,
    dto: RevertDto,
    precondition: Precondition,
  ): Promise<TaskDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    await this.#find(user, id, 'list');
    const then = await versionOf(this.tasks, { ownerId: user.id, id }, dto);
    const { title, description, priority, due, tags, recurrence, completed } = then;
    const values = valuesOf({ title, description, priority, due, tags });
    const change = { values, derived: COMPLETION[`${completed}`] };
    return this.#change(user, id, change, { fields: { recurrence }, precondition });
  }

  async delete(
    user: AuthenticatedUser,
    id: string,
    { permanent = false }: DeleteTaskQuery,
    precondition: Precondition,
  ): Promise<void> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    const move = permanent ? 'remove' : 'trash';
    await writeConditionally(
      precondition,
      async () =>
        (await this.tasks[move](user, id, precondition)) || this.tree[move](user, id, precondition),
      () => this.#find(user, id, permanent ? 'anywhere' : 'list'),
    );
  }

  restore(user: AuthenticatedUser, id: string, precondition: Precondition): Promise<TaskDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    return writeConditionally(
      precondition,
      async () =>
        (await this.tasks.restore(user, id, precondition)) ??
        this.tree.restore(user, id, precondition),
      () => this.#find(user, id, 'trash'),
    );
  }

  #change(
    user: AuthenticatedUser,
    id: string,
    change: Change<Task>,
    { fields, precondition }: { fields: TreeFields; precondition: Precondition },
  ): Promise<TaskDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    const find = () => this.#find(user, id, 'list');
    const changeInTree = () => this.tree.change(user, id, change, { fields, precondition, find });
    if (namesPlace(fields) || fields.recurrence !== undefined) return changeInTree();
    const { values, derived } = change;
    const scope = derived || values.dueDate !== undefined ? 'alone' : 'any';
    const write = async () => {
      const task = await this.tasks.update(user, id, change, precondition, scope);
      if (task !== null || scope === 'any') return task;
      const isRecurring = (await this.tasks.find(user.id, id))?.recurrence;
      return isRecurring ? changeInTree() : null;
    };
    return writeConditionally(precondition, write, find);
  }

  async #find(user: AuthenticatedUser, id: string, location: Location): Promise<TaskDto> {
    const task = await this.tasks.find(user.id, id, location);
    if (task === null) throw new Problem('task_not_found', 'There is no task with this id.');
    return task;
  }
}
