import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import type { OwnerId } from '../database/index.js';
import { Problem, type ProblemCode, type ProblemError } from '../problems/index.js';
import { ENV, type Env } from '../config/index.js';
import {
  isStale,
  type NewValues,
  NOW,
  parseIfMatch,
  QuotaExceeded,
  reasonOfFailure,
} from '../resource/index.js';
import type {
  BatchResultDto,
  BatchResultsDto,
  Operation,
  TaskBatchDto,
  UpdateOperationDto,
} from './task-batch.dto.js';
import type { TaskDto, UpdateTaskDto } from './task.dto.js';
import type { Task } from './task.entity.js';
import { newTask, valuesOf } from './task-values.js';
import { TasksRepository } from './tasks.repository.js';

type Failure = ProblemError & { readonly code: ProblemCode };

type TaskValues = NewValues<Task>;

/** Returns the current values of the fields that clients write. */
const valuesOfTask = (task: TaskDto): TaskValues => ({
  ...valuesOf(task),
  completedAt: task.completedAt === null ? null : new Date(task.completedAt),
});

/** Returns a task's values after a patch; undefined if the patch changes nothing. */
function valuesAfter(task: TaskDto, patch: UpdateTaskDto): TaskValues | undefined {
  const before = valuesOfTask(task);
  const isCompletion =
    patch.completed !== undefined && (patch.completed === true) !== task.completed;
  const completion: TaskValues = isCompletion ? { completedAt: task.completed ? null : NOW } : {};
  const after: TaskValues = { ...before, ...valuesOf(patch), ...completion };
  return JSON.stringify(after) === JSON.stringify(before) ? undefined : after;
}

function select<Op extends Operation['op']>(operations: readonly Operation[], op: Op) {
  return operations.filter((operation) => operation.op === op) as Extract<Operation, { op: Op }>[];
}

/** Operations that add tasks or lengthen them. */
interface Additions {
  readonly creates: readonly TaskValues[];
  readonly changes: ReadonlyMap<string, TaskValues>;
}

/** Returns the same problem with the operations that exceed the quota. */
function withoutRoom(
  { code, detail, roomForTasks }: QuotaExceeded,
  operations: readonly Operation[],
  changes: Additions['changes'],
): Problem {
  let room = roomForTasks ?? 0;
  const isWithoutRoom = (operation: Operation): boolean => {
    if (operation.op === 'create') return (room -= 1) < 0;
    return roomForTasks === undefined && operation.op === 'update' && changes.has(operation.id);
  };
  const errors = operations.flatMap((operation, index) =>
    isWithoutRoom(operation) ? [{ pointer: `/operations/${String(index)}`, code, detail }] : [],
  );
  return new Problem(code, detail, { errors });
}

/** Several operations on a user's own tasks, all or none of which are done. */
@Injectable()
export class TaskBatchService {
  constructor(
    private readonly tasks: TasksRepository,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws Problem of the first failed operation; its `errors` list all of them. */
  async run(user: AuthenticatedUser, dto: TaskBatchDto): Promise<BatchResultsDto> {
    const results = await this.tasks.transaction(
      user.id,
      () => this.#apply(user.id, dto.operations),
      { dry: dto.dryRun === true },
    );
    return { results };
  }

  async #apply(ownerId: OwnerId, operations: readonly Operation[]): Promise<BatchResultDto[]> {
    const named = operations.flatMap((operation) => ('id' in operation ? [operation.id] : []));
    const rows = await this.tasks.lock(ownerId, named);
    // The rows are locked until the transaction ends.
    const tasks = new Map(rows.map((task) => [task.id, task]));
    this.#refuseFailures(operations, tasks);
    const changes = this.#changes(select(operations, 'update'), tasks);
    const creates = select(operations, 'create').map(({ task }) => newTask(task));
    const created = await this.#store(ownerId, { creates, changes }, tasks).catch(
      (error: unknown) => {
        throw error instanceof QuotaExceeded ? withoutRoom(error, operations, changes) : error;
      },
    );
    const deletes = select(operations, 'delete').map(({ id }) => id);
    await this.tasks.trashMany(ownerId, deletes);
    return operations.map((operation) => {
      if (operation.op === 'delete') return { status: 204 };
      if (operation.op === 'create') return this.#result(201, created.shift());
      return this.#result(200, tasks.get(operation.id));
    });
  }

  /** Stores the changes in `tasks`; returns the created tasks. Changes come first: they may free quota. */
  async #store(
    ownerId: OwnerId,
    { creates, changes }: Additions,
    tasks: Map<string, TaskDto>,
  ): Promise<TaskDto[]> {
    for (const task of await this.tasks.updateMany(ownerId, changes)) tasks.set(task.id, task);
    return this.tasks.insert(ownerId, creates);
  }

  #result(status: 200 | 201, task: TaskDto | undefined): BatchResultDto {
    if (task === undefined) throw new Error('A task is missing that was locked or created.');
    return { status, task };
  }

  #changes(updates: readonly UpdateOperationDto[], tasks: ReadonlyMap<string, TaskDto>) {
    const changes = new Map<string, TaskValues>();
    for (const { id, patch } of updates) {
      const task = tasks.get(id);
      const values = task && valuesAfter(task, patch);
      if (values) changes.set(id, values);
    }
    return changes;
  }

  #refuseFailures(operations: readonly Operation[], tasks: ReadonlyMap<string, TaskDto>): void {
    const failures = operations.flatMap((operation, index): Failure[] => {
      const failure = this.#failureOf(operation, tasks);
      return failure ? [{ pointer: `/operations/${String(index)}`, ...failure }] : [];
    });
    const [first] = failures;
    if (first === undefined) return;
    throw new Problem(
      first.code,
      `Nothing was changed, because ${String(failures.length)} of the operations failed.`,
      {
        errors: failures,
      },
    );
  }

  #failureOf(operation: Operation, tasks: ReadonlyMap<string, TaskDto>): Failure | undefined {
    if (operation.op === 'create') return undefined;
    const { id, ifMatch } = operation;
    if (this.env.REQUIRE_IF_MATCH && ifMatch === undefined) {
      const detail = 'Send ifMatch with the ETag of the task you read.';
      return { code: 'precondition_required', detail };
    }
    const task = tasks.get(id);
    if (task === undefined) {
      return { code: 'task_not_found', detail: 'There is no task with this id.' };
    }
    const expected = parseIfMatch(ifMatch);
    if (!isStale(task.version, expected)) return undefined;
    const detail = reasonOfFailure(task.version, { ifMatch: expected });
    return { code: 'precondition_failed', detail };
  }
}
