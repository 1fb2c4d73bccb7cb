import { Injectable } from '@nestjs/common';
import {
  anchorOf,
  endPosition,
  failureOf,
  MUST_BE_THERE,
  placeBeside,
  type StoredRule,
  type Writer,
} from '../resource/index.js';
import { bodyProblem } from '../validation/index.js';
import type { MoveTaskDto } from './move-task.dto.js';
import { MAX_ANCESTORS } from './task-tree.sql.js';
import type { TaskDto } from './task.dto.js';
import { TasksRepository } from './tasks.repository.js';

/** List and parent as a body names them: an absent field is kept. */
export interface PlaceFields {
  readonly listId?: string | null | undefined;
  readonly parentId?: string | null | undefined;
}

/** List, parent and position that are written. */
export interface Place {
  readonly listId: string | null;
  readonly parentId: string | null;
  readonly position: string;
}

type Placed = Pick<TaskDto, 'id' | 'listId' | 'parentId'>;

/** Whether a body names a list or a parent. */
export const namesPlace = ({ listId, parentId }: PlaceFields): boolean =>
  listId !== undefined || parentId !== undefined;

/** A new task: it is nowhere yet, and no task has its id. */
const NEW: Placed = {
  id: '00000000-0000-0000-0000-000000000000',
  listId: null,
  parentId: null,
};

const NOT_OF_SIBLING = { code: 'not_of_sibling', rule: 'must be that of the sibling' };
const NOT_OF_PARENT = { code: 'not_of_parent', rule: 'must be the list of the parent' };
const CYCLE = { code: 'cycle', rule: 'must not be the task itself or one below it' };
const TOO_DEEP = {
  code: 'too_deep',
  rule: `must not give a task more than ${String(MAX_ANCESTORS)} ancestors`,
};

/**
 * The places of a user's tasks, and the rules that connect them. Every method is part of a transaction that
 * holds the lock of the owner.
 */
@Injectable()
export class TaskPlaces {
  constructor(private readonly tasks: TasksRepository) {}

  /**
   * Returns the place that a body gives a task, at the end of its new siblings; undefined if it stays.
   *
   * @param task the task, or nothing for a new one
   * @param path of the object that has the fields
   * @throws Problem `validation_failed`
   */
  async placeOf(
    user: Writer,
    fields: PlaceFields,
    task = NEW,
    path: readonly string[] = [],
  ): Promise<Place | undefined> {
    const { failures, listId, parentId } = await this.#resolve(user, fields, task);
    if (failures.length > 0) {
      throw bodyProblem(failures.map(([field, rule]) => failureOf([...path, field], rule)));
    }
    if (listId === task.listId && parentId === task.parentId) return undefined;
    return { listId, parentId, position: endPosition() };
  }

  /**
   * Returns the place that a move gives a task: beside the sibling that it names, or at the end.
   *
   * @param path of the object that names the place
   * @throws Problem `validation_failed`
   */
  async placeOfMove(
    user: Writer,
    task: TaskDto,
    move: MoveTaskDto,
    path: readonly string[] = [],
  ): Promise<Place> {
    const beside = await anchorOf(move, task.id, (id) => this.tasks.find(user.id, id), path);
    if (beside === undefined) {
      const place = await this.placeOf(user, move, task, path);
      return place ?? { listId: task.listId, parentId: task.parentId, position: endPosition() };
    }
    const { listId, parentId } = beside.anchor;
    const others = (['listId', 'parentId'] as const).filter(
      (field) => move[field] !== undefined && move[field] !== beside.anchor[field],
    );
    const { failures } = await this.#resolve(user, { listId, parentId }, task);
    if (others.length > 0 || failures.length > 0) {
      throw bodyProblem([
        ...others.map((field) => failureOf([...path, field], NOT_OF_SIBLING)),
        // A parent that cannot be taken makes its children siblings that cannot be.
        ...failures.map(([, rule]) => failureOf([...path, beside.side], rule)),
      ]);
    }
    const siblings = parentId === null ? { parentId, listId } : { parentId };
    const position = await placeBeside(this.tasks, user, task.id, { ...beside, siblings });
    return { listId, parentId, position };
  }

  /** Returns the list and parent that a task would have, and the rules that they break. */
  async #resolve(user: Writer, fields: PlaceFields, task: Placed) {
    const { listId = task.listId, parentId = task.parentId } = fields;
    const failures: [field: keyof PlaceFields, rule: StoredRule][] = [];
    const isKnown = listId === null || listId === task.listId;
    const hasList = isKnown || (await this.tasks.hasList(user.id, listId));
    if (!hasList) failures.push(['listId', MUST_BE_THERE]);
    if (parentId === null) return { failures, listId, parentId };
    // Before it is read: a task that is trashed in between is found in the trash.
    if (parentId !== task.parentId) await this.tasks.markParent(user.id, parentId);
    const parent = await this.tasks.findParent(user.id, task.id, parentId);
    if (parent === null) failures.push(['parentId', MUST_BE_THERE]);
    else if (parent.isBelow) failures.push(['parentId', CYCLE]);
    else if (parent.ancestors > MAX_ANCESTORS) failures.push(['parentId', TOO_DEEP]);
    if (parent === null || fields.listId === undefined) {
      return { failures, listId: parent?.listId ?? null, parentId };
    }
    if (hasList && listId !== parent.listId) failures.push(['listId', NOT_OF_PARENT]);
    return { failures, listId, parentId };
  }
}
