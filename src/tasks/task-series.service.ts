import { Injectable } from '@nestjs/common';
import { Problem } from '../problems/index.js';
import {
  type Due,
  MAX_DATES,
  nextOccurrence,
  type Occurrence,
  occurrencesOf,
  type Recurrence,
  resolveRecurrence,
  type StoredRecurrence,
  type UpdateRecurrenceDto,
} from '../recurrence/index.js';
import { endPosition, failureOf, type NewValues, type Writer } from '../resource/index.js';
import { bodyProblem, queryProblem } from '../validation/index.js';
import { parseDue } from './due.js';
import type { OccurrencesQuery } from './occurrences.query.js';
import type { TaskDto } from './task.dto.js';
import type { Task } from './task.entity.js';
import { valuesOf, WITHOUT_DUE } from './task-values.js';
import { TasksRepository } from './tasks.repository.js';

/** The recurrence that a body sends: absent it is kept, and null ends it. */
export interface SeriesFields {
  readonly recurrence?: UpdateRecurrenceDto | null | undefined;
}

const WITHOUT_SERIES = { recurrence: null, seriesId: null, nextTaskId: null };

const TOO_MANY_DATES = {
  path: ['to'],
  code: 'too_many',
  detail: `to must be at most ${String(MAX_DATES)} dates after from`,
};

const dueOf = ({ due }: Pick<TaskDto, 'due'>): Due => parseDue(due ?? '') ?? WITHOUT_DUE;

const isSameDue = (a: Due, b: Due) =>
  a.dueDate === b.dueDate && a.dueAt?.getTime() === b.dueAt?.getTime();

const isSameRecurrence = (a: Recurrence, b: Recurrence | null) =>
  a.rule === b?.rule && a.timeZone === b.timeZone && a.basis === b.basis;

const isCompletedOfSeries = ({ completed, recurrence }: TaskDto) =>
  completed && recurrence !== null;

/** Returns the occurrence that a task stands for. */
function occurrenceOf(task: TaskDto, stored: StoredRecurrence): Occurrence {
  const { start, date, time, remaining } = stored;
  return { due: dueOf(task), state: { start, date, time, remaining } };
}

/** Returns the values by which a task stores an occurrence of its series. */
function valuesOfOccurrence(
  { rule, timeZone, basis }: Recurrence,
  { due, state }: Occurrence,
): NewValues<Task> {
  return { ...due, recurrence: { rule, timeZone, basis, ...state } };
}

/**
 * The series of a user's recurring tasks. Every method that writes is part of a transaction that holds the
 * lock of the owner, so a task has one next task, however many complete it at once.
 */
@Injectable()
export class TaskSeries {
  constructor(private readonly tasks: TasksRepository) {}

  /**
   * Returns the values of the series after a change, or of a new task: none if the series stays.
   *
   * @param task the task before, or nothing for a new one
   * @param values that the change writes
   * @param path of the object that has the recurrence
   * @throws Problem `validation_failed`
   */
  valuesOf(
    task: Pick<TaskDto, 'due' | 'recurrence'> | undefined,
    values: NewValues<Task>,
    recurrence: SeriesFields['recurrence'],
    path: readonly string[] = [],
  ): NewValues<Task> {
    const present = task?.recurrence ?? null;
    if (recurrence === null) return task === undefined ? {} : WITHOUT_SERIES;
    const before = task && dueOf(task);
    const { dueDate, dueAt = null } = values;
    const due = dueDate === undefined ? (before ?? WITHOUT_DUE) : { dueDate, dueAt: dueAt as Date };
    const isDueKept = before !== undefined && isSameDue(before, due);
    if (recurrence === undefined && (present === null || isDueKept)) return {};
    const resolved = resolveRecurrence(present, recurrence ?? {}, due);
    if (resolved.faults) {
      const { faults } = resolved;
      throw bodyProblem(faults.map((fault) => failureOf([...path, ...fault.path], fault)));
    }
    if (isDueKept && isSameRecurrence(resolved.recurrence, present)) return {};
    return valuesOfOccurrence(resolved.recurrence, resolved.first);
  }

  /**
   * Creates the next tasks of those that are completed, unless they have created them before, and adds their
   * ids.
   */
  async advance(user: Writer, tasks: readonly TaskDto[]): Promise<void> {
    const now = new Date();
    const completed = tasks.filter(isCompletedOfSeries);
    const series = await this.tasks.findSeries(
      user.id,
      completed.map(({ id }) => id),
    );
    const steps = completed.flatMap((task) => {
      const { stored, nextTaskId } = series.get(task.id) ?? {};
      if (!stored || nextTaskId) return [];
      const next = nextOccurrence(stored, occurrenceOf(task, stored), now, 'complete');
      return next === null ? [] : [{ id: task.id, values: this.#next(task, stored, next) }];
    });
    const created = await this.tasks.insert(
      user,
      steps.map(({ values }) => values),
    );
    const nextIds = new Map(steps.map(({ id }, index) => [id, created[index]?.id ?? null]));
    await this.tasks.setNext(user.id, nextIds);
    for (const task of completed)
      task.nextTaskId = nextIds.get(task.id) ?? series.get(task.id)?.nextTaskId ?? null;
  }

  /** Removes the next task of one that was reopened, if nobody has changed it. */
  async retract(user: Writer, { id, recurrence }: TaskDto): Promise<void> {
    if (recurrence === null) return;
    const { nextTaskId } = (await this.tasks.findSeries(user.id, [id])).get(id) ?? {};
    if (!nextTaskId) return;
    const isRemoved = await this.tasks.remove(user, nextTaskId, { ifMatch: [1] }, 'alone');
    if (isRemoved) await this.tasks.setNext(user.id, new Map([[id, null]]));
  }

  /**
   * Returns the values that move a task to the next date of its series.
   *
   * @throws Problem `series_ended`
   */
  async skip(user: Writer, task: TaskDto): Promise<NewValues<Task>> {
    const { stored } = (await this.tasks.findSeries(user.id, [task.id])).get(task.id) ?? {};
    if (!stored) throw new Problem('series_ended', 'The task does not repeat.');
    if (task.completed) {
      throw new Problem(
        'series_ended',
        'The task is completed: its series goes on in the next task.',
      );
    }
    const next = nextOccurrence(stored, occurrenceOf(task, stored), new Date(), 'skip');
    if (next === null) throw new Problem('series_ended', 'The present date is the last one.');
    return valuesOfOccurrence(stored, next);
  }

  /** Adds the ids of their next tasks to those that were completed before. */
  async withNext(user: Writer, tasks: readonly TaskDto[]): Promise<void> {
    const completed = tasks.filter(
      (task) => isCompletedOfSeries(task) && task.nextTaskId === undefined,
    );
    const series = await this.tasks.findSeries(
      user.id,
      completed.map(({ id }) => id),
    );
    for (const task of completed) task.nextTaskId = series.get(task.id)?.nextTaskId ?? null;
  }

  /**
   * Returns the dates of a task's series in a span.
   *
   * @throws Problem `invalid_parameter` if there are more than `MAX_DATES`
   */
  async occurrences(
    user: Writer,
    task: TaskDto,
    { from, to, limit }: OccurrencesQuery,
  ): Promise<string[]> {
    const { stored } = (await this.tasks.findSeries(user.id, [task.id])).get(task.id) ?? {};
    if (!stored) return [];
    const span = { from: parseDue(from ?? '') ?? null, to: parseDue(to ?? '') ?? null, limit };
    const dates = occurrencesOf(stored, occurrenceOf(task, stored), span);
    if (dates === undefined) throw queryProblem([TOO_MANY_DATES]);
    return dates;
  }

  #next(task: TaskDto, recurrence: Recurrence, occurrence: Occurrence): NewValues<Task> {
    return {
      ...valuesOf(task),
      ...valuesOfOccurrence(recurrence, occurrence),
      seriesId: task.seriesId,
      completedAt: null,
      position: endPosition(),
    };
  }
}
