import { Injectable } from '@nestjs/common';
import { Problem } from '../problems/index.js';
import {
  type Change,
  fails,
  type NewValues,
  type Precondition,
  type Writer,
  writeConditionally,
} from '../resource/index.js';
import type { MoveTaskDto } from './move-task.dto.js';
import type { TaskDto } from './task.dto.js';
import type { Task } from './task.entity.js';
import { type PlaceFields, TaskPlaces } from './task-places.service.js';
import { type SeriesFields, TaskSeries } from './task-series.service.js';
import { TasksRepository } from './tasks.repository.js';

/** A write; returns null when it has written nothing. */
type Write<Result> = () => Promise<Result | null>;

/** Reads the task that a write has not written. */
type Find = () => Promise<TaskDto>;

/** Options of a write within a transaction: `path` is that of the object that names the place. */
interface Within {
  readonly precondition: Precondition;
  readonly path?: readonly string[];
}

/** The fields of a body that concern other tasks, or the series of its own. */
export type TreeFields = PlaceFields & SeriesFields;

/**
 * Writes that concern several of a user's tasks, or their places. Each is a transaction, in which nobody else
 * changes which tasks belong together: so nothing is put below a task that is on its way to the trash,
 * and no two moves make a circle.
 */
@Injectable()
export class TaskTreeService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly places: TaskPlaces,
    private readonly series: TaskSeries,
  ) {}

  /** Runs `work` as such a transaction. */
  inOrder<Result>(
    user: Writer,
    work: () => Promise<Result>,
    options?: { dry: boolean },
  ): Promise<Result> {
    const ordered = async () => {
      await this.tasks.lockOwner(user.id);
      return work();
    };
    return this.tasks.transaction(user.id, ordered, options);
  }

  /** @throws Problem `validation_failed` */
  create(user: Writer, values: NewValues<Task>, fields: TreeFields): Promise<TaskDto> {
    return this.inOrder(user, async () => {
      const place = await this.places.placeOf(user, fields);
      const series = this.series.valuesOf(undefined, values, fields.recurrence);
      const created = await this.tasks.insert(user, [{ ...values, ...place, ...series }]);
      const [task] = created;
      if (task === undefined) throw new Error('The created task was not returned.');
      await this.series.advance(user, created);
      return task;
    });
  }

  /**
   * Changes a task, and its place and its series with it.
   *
   * @throws Problem `validation_failed`
   */
  change(
    user: Writer,
    id: string,
    change: Change<Task>,
    { fields, precondition, find }: { fields: TreeFields; precondition: Precondition; find: Find },
  ): Promise<TaskDto> {
    const write = () => this.place(user, id, change, { fields, precondition });
    return this.inOrder(user, async () => {
      const task = await writeConditionally(precondition, write, find);
      if (change.derived) await this.series.withNext(user, [task]);
      return task;
    });
  }

  /** @throws Problem `validation_failed` */
  move(
    user: Writer,
    id: string,
    move: MoveTaskDto,
    { precondition, find }: { precondition: Precondition; find: Find },
  ): Promise<TaskDto> {
    const write = () => this.placeBeside(user, id, move, { precondition });
    return this.inOrder(user, () => writeConditionally(precondition, write, find));
  }

  /** Does what `change` does, within a transaction of `inOrder`; returns null if nothing was written. */
  async place(
    user: Writer,
    id: string,
    { values, derived }: Change<Task>,
    { fields, precondition, path }: { fields: TreeFields } & Within,
  ): Promise<TaskDto | null> {
    const task = await this.tasks.find(user.id, id);
    if (task === null || fails(task.version, precondition)) return null;
    const place = await this.places.placeOf(user, fields, task, path);
    const series = this.series.valuesOf(task, values, fields.recurrence, path);
    const change = { values: { ...values, ...place, ...series }, derived };
    return this.#update(user, task, change, precondition);
  }

  /** Does what `move` does, within a transaction of `inOrder`; returns null if nothing was written. */
  async placeBeside(
    user: Writer,
    id: string,
    move: MoveTaskDto,
    { precondition, path }: Within,
  ): Promise<TaskDto | null> {
    const task = await this.tasks.find(user.id, id);
    if (task === null || fails(task.version, precondition)) return null;
    const place = await this.places.placeOfMove(user, task, move, path);
    return this.#update(user, task, { values: { ...place } }, precondition);
  }

  /** Trashes a task and all below it; returns null if it is not there, or the precondition fails. */
  trash(user: Writer, id: string, precondition: Precondition): Promise<true | null> {
    return this.inOrder(user, async () => {
      if (!(await this.tasks.trash(user, id, precondition, 'any'))) return null;
      await this.tasks.changeBelow(user, [id], 'trash');
      return true;
    });
  }

  /**
   * Restores a task, and what its trashing took; returns null if it is not in the trash, or the
   * precondition fails.
   *
   * @throws Problem `parent_in_trash`
   */
  restore(user: Writer, id: string, precondition: Precondition): Promise<TaskDto | null> {
    return this.inOrder(user, async () => {
      const task = await this.tasks.find(user.id, id, 'trash');
      if (task === null || fails(task.version, precondition)) return null;
      const { listId, parentId } = task;
      const hasList = listId === null || (await this.tasks.hasList(user.id, listId));
      const hasParent = parentId === null || (await this.tasks.find(user.id, parentId)) !== null;
      if (!hasList || !hasParent) {
        const what = hasList ? 'parent' : 'list';
        throw new Problem('parent_in_trash', `Restore the ${what} of the task first.`);
      }
      const restored = await this.tasks.restore(user, id, precondition, 'any');
      if (restored !== null) await this.tasks.changeBelow(user, [id], 'restore');
      return restored;
    });
  }

  /** Deletes a task and all below it; returns null if it is not there, or the precondition fails. */
  remove(user: Writer, id: string, precondition: Precondition): Promise<true | null> {
    return this.inOrder(user, async () => {
      const task = await this.tasks.find(user.id, id, 'anywhere');
      if (task === null || fails(task.version, precondition)) return null;
      await this.tasks.removeBelow(user, id);
      return (await this.tasks.remove(user, id, precondition, 'any')) || null;
    });
  }

  /**
   * Moves a task to the next date of its series.
   *
   * @throws Problem `series_ended`
   */
  skip(
    user: Writer,
    id: string,
    { precondition, find }: { precondition: Precondition; find: Find },
  ): Promise<TaskDto> {
    const write: Write<TaskDto> = async () => {
      const task = await this.tasks.find(user.id, id);
      if (task === null || fails(task.version, precondition)) return null;
      const values = await this.series.skip(user, task);
      return this.tasks.update(user, id, { values }, precondition);
    };
    return this.inOrder(user, () => writeConditionally(precondition, write, find));
  }

  /** Changes a task and, if it is completed then, completes all below it. */
  complete(
    user: Writer,
    id: string,
    change: Change<Task>,
    { precondition, find }: { precondition: Precondition; find: Find },
  ): Promise<TaskDto> {
    return this.inOrder(user, async () => {
      const write = () => this.place(user, id, change, { fields: {}, precondition });
      const task = await writeConditionally(precondition, write, find);
      if (task.completed) {
        await this.series.advance(user, await this.tasks.completeBelow(user, id));
      }
      await this.series.withNext(user, [task]);
      return task;
    });
  }

  /** Writes a change; all below the task follow it to another list, and its series goes on when it is completed. */
  async #update(
    user: Writer,
    task: TaskDto,
    change: Change<Task>,
    precondition: Precondition,
  ): Promise<TaskDto | null> {
    const updated = await this.tasks.update(user, task.id, change, precondition);
    if (updated === null) return null;
    const { listId } = updated;
    if (listId !== task.listId) await this.tasks.moveBelow(user, updated, task.listId);
    if (updated.completed && !task.completed) await this.series.advance(user, [updated]);
    if (!updated.completed && task.completed) await this.series.retract(user, updated);
    return updated;
  }
}
