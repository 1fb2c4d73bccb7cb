import { Injectable } from '@nestjs/common';
import type { OwnerId } from '../database/index.js';
import { Problem } from '../problems/index.js';
import {
  type Change,
  fails,
  type NewValues,
  type Precondition,
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
    ownerId: OwnerId,
    work: () => Promise<Result>,
    options?: { dry: boolean },
  ): Promise<Result> {
    const ordered = async () => {
      await this.tasks.lockStructure(ownerId);
      return work();
    };
    return this.tasks.transaction(ownerId, ordered, options);
  }

  /** @throws Problem `validation_failed` */
  create(ownerId: OwnerId, values: NewValues<Task>, fields: TreeFields): Promise<TaskDto> {
    return this.inOrder(ownerId, async () => {
      const place = await this.places.placeOf(ownerId, fields);
      const series = this.series.valuesOf(undefined, values, fields.recurrence);
      const created = await this.tasks.insert(ownerId, [{ ...values, ...place, ...series }]);
      const [task] = created;
      if (task === undefined) throw new Error('The created task was not returned.');
      await this.series.advance(ownerId, created);
      return task;
    });
  }

  /**
   * Changes a task, and its place and its series with it.
   *
   * @throws Problem `validation_failed`
   */
  change(
    ownerId: OwnerId,
    id: string,
    change: Change<Task>,
    { fields, precondition, find }: { fields: TreeFields; precondition: Precondition; find: Find },
  ): Promise<TaskDto> {
    const write = () => this.place(ownerId, id, change, { fields, precondition });
    return this.inOrder(ownerId, async () => {
      const task = await writeConditionally(precondition, write, find);
      if (change.derived) await this.series.withNext(ownerId, [task]);
      return task;
    });
  }

  /** @throws Problem `validation_failed` */
  move(
    ownerId: OwnerId,
    id: string,
    move: MoveTaskDto,
    { precondition, find }: { precondition: Precondition; find: Find },
  ): Promise<TaskDto> {
    const write = () => this.placeBeside(ownerId, id, move, { precondition });
    return this.inOrder(ownerId, () => writeConditionally(precondition, write, find));
  }

  /** Does what `change` does, within a transaction of `inOrder`; returns null if nothing was written. */
  async place(
    ownerId: OwnerId,
    id: string,
    { values, derived }: Change<Task>,
    { fields, precondition, path }: { fields: TreeFields } & Within,
  ): Promise<TaskDto | null> {
    const task = await this.tasks.find(ownerId, id);
    if (task === null || fails(task.version, precondition)) return null;
    const place = await this.places.placeOf(ownerId, fields, task, path);
    const series = this.series.valuesOf(task, values, fields.recurrence, path);
    const change = { values: { ...values, ...place, ...series }, derived };
    return this.#update(ownerId, task, change, precondition);
  }

  /** Does what `move` does, within a transaction of `inOrder`; returns null if nothing was written. */
  async placeBeside(
    ownerId: OwnerId,
    id: string,
    move: MoveTaskDto,
    { precondition, path }: Within,
  ): Promise<TaskDto | null> {
    const task = await this.tasks.find(ownerId, id);
    if (task === null || fails(task.version, precondition)) return null;
    const place = await this.places.placeOfMove(ownerId, task, move, path);
    return this.#update(ownerId, task, { values: { ...place } }, precondition);
  }

  /** Trashes a task and all below it; returns null if it is not there, or the precondition fails. */
  trash(ownerId: OwnerId, id: string, precondition: Precondition): Promise<true | null> {
    return this.inOrder(ownerId, async () => {
      if (!(await this.tasks.trash(ownerId, id, precondition, 'any'))) return null;
      await this.tasks.changeBelow(ownerId, [id], 'trash');
      return true;
    });
  }

  /**
   * Restores a task, and what its trashing took; returns null if it is not in the trash, or the
   * precondition fails.
   *
   * @throws Problem `parent_in_trash`
   */
  restore(ownerId: OwnerId, id: string, precondition: Precondition): Promise<TaskDto | null> {
    return this.inOrder(ownerId, async () => {
      const task = await this.tasks.find(ownerId, id, 'trash');
      if (task === null || fails(task.version, precondition)) return null;
      const { listId, parentId } = task;
      const hasList = listId === null || (await this.tasks.hasList(ownerId, listId));
      const hasParent = parentId === null || (await this.tasks.find(ownerId, parentId)) !== null;
      if (!hasList || !hasParent) {
        const what = hasList ? 'parent' : 'list';
        throw new Problem('parent_in_trash', `Restore the ${what} of the task first.`);
      }
      const restored = await this.tasks.restore(ownerId, id, precondition, 'any');
      if (restored !== null) await this.tasks.changeBelow(ownerId, [id], 'restore');
      return restored;
    });
  }

  /** Deletes a task and all below it; returns null if it is not there, or the precondition fails. */
  remove(ownerId: OwnerId, id: string, precondition: Precondition): Promise<true | null> {
    return this.inOrder(ownerId, async () => {
      const task = await this.tasks.find(ownerId, id, 'anywhere');
      if (task === null || fails(task.version, precondition)) return null;
      await this.tasks.removeBelow(ownerId, id);
      return (await this.tasks.remove(ownerId, id, precondition, 'any')) || null;
    });
  }

  /**
   * Moves a task to the next date of its series.
   *
   * @throws Problem `series_ended`
   */
  skip(
    ownerId: OwnerId,
    id: string,
    { precondition, find }: { precondition: Precondition; find: Find },
  ): Promise<TaskDto> {
    const write: Write<TaskDto> = async () => {
      const task = await this.tasks.find(ownerId, id);
      if (task === null || fails(task.version, precondition)) return null;
      const values = await this.series.skip(ownerId, task);
      return this.tasks.update(ownerId, id, { values }, precondition);
    };
    return this.inOrder(ownerId, () => writeConditionally(precondition, write, find));
  }

  /** Changes a task and, if it is completed then, completes all below it. */
  complete(
    ownerId: OwnerId,
    id: string,
    change: Change<Task>,
    { precondition, find }: { precondition: Precondition; find: Find },
  ): Promise<TaskDto> {
    return this.inOrder(ownerId, async () => {
      const write = () => this.place(ownerId, id, change, { fields: {}, precondition });
      const task = await writeConditionally(precondition, write, find);
      if (task.completed) {
        await this.series.advance(ownerId, await this.tasks.completeBelow(ownerId, id));
      }
      await this.series.withNext(ownerId, [task]);
      return task;
    });
  }

  /** Writes a change; all below the task follow it to another list, and its series goes on when it is completed. */
  async #update(
    ownerId: OwnerId,
    task: TaskDto,
    change: Change<Task>,
    precondition: Precondition,
  ): Promise<TaskDto | null> {
    const updated = await this.tasks.update(ownerId, task.id, change, precondition);
    if (updated === null) return null;
    const { listId } = updated;
    if (listId !== task.listId) await this.tasks.moveBelow(ownerId, task.id, listId);
    if (updated.completed && !task.completed) await this.series.advance(ownerId, [updated]);
    if (!updated.completed && task.completed) await this.series.retract(ownerId, updated);
    return updated;
  }
}
