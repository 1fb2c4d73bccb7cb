import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { Problem, type ProblemCode, type ProblemError } from '../problems/index.js';
import { ENV, type Env } from '../config/index.js';
import {
  failureOf,
  isStale,
  MUST_BE_THERE,
  type NewValues,
  NOW,
  parseIfMatch,
  QuotaExceeded,
  reasonOfFailure,
  type Writer,
} from '../resource/index.js';
import { bodyProblem } from '../validation/index.js';
import type {
  BatchResultDto,
  BatchResultsDto,
  Operation,
  TaskBatchDto,
  UpdateOperationDto,
} from './task-batch.dto.js';
import type { CreateTaskDto, TaskDto, UpdateTaskDto } from './task.dto.js';
import type { Task } from './task.entity.js';
import { namesPlace, type PlaceFields, TaskPlaces } from './task-places.service.js';
import { TaskSeries } from './task-series.service.js';
import { TaskTreeService } from './task-tree.service.js';
import { changeOf, newTask, valuesOf } from './task-values.js';
import { TasksRepository } from './tasks.repository.js';

type Failure = ProblemError & { readonly code: ProblemCode };

type TaskValues = NewValues<Task>;

const withoutList = ({ listId: _, ...values }: TaskValues): TaskValues => values;
const withoutPlace = ({ parentId: _, ...values }: TaskValues): TaskValues => withoutList(values);

/** Returns the current values of the fields that clients write, except list and parent. */
const valuesOfTask = (task: TaskDto): TaskValues => ({
  ...withoutPlace(valuesOf(task)),
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

/** Whether an operation places a task, or sets its recurrence. */
function needsOrder(operation: Operation): boolean {
  if (operation.op === 'create')
    return isPlaced(operation.task) || Boolean(operation.task.recurrence);
  return operation.op === 'move' || (operation.op === 'update' && isOfTree(operation.patch));
}

/** Whether a patch concerns other tasks, or the series of the one that it changes. */
function isOfTree(patch: UpdateTaskDto, task?: TaskDto): boolean {
  if (namesPlace(patch) || patch.recurrence !== undefined) return true;
  return Boolean(task?.recurrence) && (patch.completed !== undefined || patch.due !== undefined);
}

/** Refuses to put a task below one that the same batch trashes: it would be in the trash at once. */
function refusePlacesBelow(
  deletes: readonly { readonly id: string }[],
  operations: readonly Operation[],
): void {
  const ids = new Set(deletes.map(({ id }) => id));
  const failures = operations.flatMap((operation, index) => {
    const [name, fields] =
      operation.op === 'create'
        ? ['task', operation.task]
        : operation.op === 'update'
          ? ['patch', operation.patch]
          : [undefined, operation as PlaceFields];
    if (!fields.parentId || !ids.has(fields.parentId)) return [];
    return [failureOf(pathOf(index, ...(name ? [name] : []), 'parentId'), MUST_BE_THERE)];
  });
  if (failures.length > 0) throw bodyProblem(failures);
}

/** Ends a batch that trashes a task with subtasks, or changes a series, and therefore has to be done in order. */
class NeedsOrder extends Error {}

/** All rows of one insert have the same values. */
const WITHOUT_RECURRENCE: TaskValues = { recurrence: null };

/** Returns the tasks whose completion operations set. */
const completedBy = (operations: readonly Operation[], tasks: ReadonlyMap<string, TaskDto>) =>
  select(operations, 'update').flatMap(({ id, patch }) =>
    patch.completed === undefined ? [] : (tasks.get(id) ?? []),
  );

/** Whether a new task is put into a list or below a parent. */
const isPlaced = ({ listId, parentId }: CreateTaskDto) => Boolean(listId) || Boolean(parentId);

const pathOf = (index: number, ...names: string[]) => ['operations', String(index), ...names];

/** Returns the same problem with the operations that exceed the quota. */
function withoutRoom(
  { code, detail, roomForTasks }: QuotaExceeded,
  operations: readonly Operation[],
  changed: ReadonlySet<string>,
): Problem {
  let room = roomForTasks ?? 0;
  const isWithoutRoom = (operation: Operation): boolean => {
    if (operation.op === 'create') return (room -= 1) < 0;
    return roomForTasks === undefined && operation.op === 'update' && changed.has(operation.id);
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
    private readonly places: TaskPlaces,
    private readonly tree: TaskTreeService,
    private readonly series: TaskSeries,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws Problem of the first failed operation; its `errors` list all of them. */
  async run(
    user: AuthenticatedUser,
    { operations, dryRun }: TaskBatchDto,
  ): Promise<BatchResultsDto> {
    const options = { dry: dryRun === true };
    const inOrder = () =>
      this.tree.inOrder(user, () => this.#apply(user, operations, true), options);
    if (operations.some(needsOrder)) return { results: await inOrder() };
    const results = await this.tasks
      .transaction(user.id, () => this.#apply(user, operations, false), options)
      .catch((error: unknown) => {
        if (error instanceof NeedsOrder) return inOrder();
        throw error;
      });
    return { results };
  }

  async #apply(
    user: Writer,
    operations: readonly Operation[],
    isOrdered: boolean,
  ): Promise<BatchResultDto[]> {
    const named = operations.flatMap((operation) => ('id' in operation ? [operation.id] : []));
    const rows = await this.tasks.lock(user.id, named);
    // The rows are locked until the transaction ends.
    const tasks = new Map(rows.map((task) => [task.id, task]));
    this.#refuseFailures(operations, tasks);
    const ofTree = (operation: Operation) =>
      operation.op === 'update' && isOfTree(operation.patch, tasks.get(operation.id));
    if (!isOrdered && operations.some(ofTree)) throw new NeedsOrder();
    const changed = new Set<string>();
    const created = await this.#store(user, operations, { tasks, changed }).catch(
      (error: unknown) => {
        throw error instanceof QuotaExceeded ? withoutRoom(error, operations, changed) : error;
      },
    );
    const deletes = select(operations, 'delete').map(({ id }) => id);
    if (isOrdered) {
      await this.tasks.trashMany(user, deletes, 'any');
      await this.tasks.changeBelow(user, deletes, 'trash');
      // A task may have followed another one to its list.
      const stored = await this.tasks.lock(user.id, named);
      for (const task of stored) tasks.set(task.id, task);
    } else if ((await this.tasks.trashMany(user, deletes)) < deletes.length) {
      throw new NeedsOrder();
    }
    await this.series.advance(user, created);
    await this.series.withNext(user, [...created, ...completedBy(operations, tasks)]);
    return operations.map((operation) => {
      if (operation.op === 'delete') return { status: 204 };
      if (operation.op === 'create') return this.#result(201, created.shift());
      return this.#result(200, tasks.get(operation.id));
    });
  }

  /** Stores the changes in `tasks`; returns the created tasks. Changes come first: they may free quota. */
  async #store(
    user: Writer,
    operations: readonly Operation[],
    { tasks, changed }: { tasks: Map<string, TaskDto>; changed: Set<string> },
  ): Promise<TaskDto[]> {
    const updates = select(operations, 'update').filter(
      ({ id, patch }) => !isOfTree(patch, tasks.get(id)),
    );
    const changes = this.#changes(updates, tasks);
    for (const id of changes.keys()) changed.add(id);
    refusePlacesBelow(select(operations, 'delete'), operations);
    for (const task of await this.tasks.updateMany(user, changes)) tasks.set(task.id, task);
    await this.#changeTree(user, operations, { tasks, changed });
    return this.#create(user, operations);
  }

  /** Does one after the other what concerns several tasks: each finds those before it at their new places. */
  async #changeTree(
    user: Writer,
    operations: readonly Operation[],
    { tasks, changed }: { tasks: ReadonlyMap<string, TaskDto>; changed: Set<string> },
  ): Promise<void> {
    for (const [index, operation] of operations.entries()) {
      if (operation.op === 'move') {
        const within = { precondition: {}, path: pathOf(index) };
        await this.tree.placeBeside(user, operation.id, operation, within);
      } else if (operation.op === 'update' && isOfTree(operation.patch, tasks.get(operation.id))) {
        const { id, patch } = operation;
        changed.add(id);
        const within = { fields: patch, precondition: {}, path: pathOf(index, 'patch') };
        await this.tree.place(user, id, changeOf(patch), within);
      }
    }
  }

  async #create(user: Writer, operations: readonly Operation[]): Promise<TaskDto[]> {
    const values: TaskValues[] = [];
    const isRecurring = select(operations, 'create').some(({ task }) => task.recurrence);
    for (const [index, operation] of operations.entries()) {
      if (operation.op !== 'create') continue;
      const { task } = operation;
      const path = pathOf(index, 'task');
      const place = isPlaced(task) && (await this.places.placeOf(user, task, undefined, path));
      const row = { ...newTask(task), ...place, ...(isRecurring && WITHOUT_RECURRENCE) };
      values.push({ ...row, ...this.series.valuesOf(undefined, row, task.recurrence, path) });
    }
    return this.tasks.insert(user, values);
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
