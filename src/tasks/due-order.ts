import { startOfDay } from '../common/index.js';
import type { Parameter } from '../database/index.js';
import type { Position } from '../resource/index.js';
import type { TaskFilter } from './task-filter.js';
import type { DuePageShape, ListParameter } from './task-list.sql.js';
import type { TaskDto } from './task.dto.js';
import { dayOf, isSkipped, sqlInstant } from './time-zone.js';

/** Returns a task's position in the order by `due`. */
export type DuePosition = (task: TaskDto) => Position['value'];

const DAY_LENGTH = 'YYYY-MM-DD'.length;

/** Less than one millisecond, the resolution of instants. */
const JUST_BEFORE_MS = 0.5;

/** The order by `due` in a time zone. */
export class DueOrder {
  constructor(private readonly timeZone: string) {}

  /** Milliseconds, or `YYYY-MM-DD` for a day that the zone skipped and that therefore has no instant. */
  readonly positionOf: DuePosition = ({ due }) =>
    due?.length === DAY_LENGTH && isSkipped(due, this.timeZone) ? due : this.#valueOf(due);

  /** Sorts tasks by their `due`; those without one come last. */
  sort(tasks: readonly TaskDto[], descending: boolean): TaskDto[] {
    const placed = tasks.map((task) => ({ task, id: task.id, value: this.#valueOf(task.due) }));
    const sign = descending ? -1 : 1;
    const compare = (a: string | number, b: string | number) => sign * (a < b ? -1 : a > b ? 1 : 0);
    placed.sort((a, b) => {
      if (a.value === null || b.value === null)
        return Number(a.value === null) - Number(b.value === null) || compare(a.id, b.id);
      return compare(a.value, b.value) || compare(a.id, b.id);
    });
    return placed.map(({ task }) => task);
  }

  /**
   * Returns milliseconds. A day that the zone skipped would start at the same instant as the next day;
   * it is placed just before that, so that days keep the order of their index.
   */
  #valueOf(due: string | null): number | null {
    if (due === null) return null;
    if (due.length !== DAY_LENGTH) return Date.parse(due);
    const start = startOfDay(due, this.timeZone);
    return isSkipped(due, this.timeZone) ? start - JUST_BEFORE_MS : start;
  }

  /** Returns the shape of the page after a position, and the values of its parameters. */
  pageAfter(
    after: Position | undefined,
    descending: boolean,
    { hasDue, dueBefore, dueAfter }: TaskFilter,
  ): { shape: DuePageShape; values: Partial<Record<ListParameter, Parameter>> } {
    const isDated = hasDue !== false && after?.value !== null;
    const isUndated = hasDue !== true && dueBefore === undefined && dueAfter === undefined;
    const whole = {
      descending,
      isDated,
      isUndated,
      day: undefined,
      instant: undefined,
      none: undefined,
    };
    if (after === undefined) return { shape: whole, values: {} };
    const { value, id: afterId } = after;
    if (value === null) return { shape: { ...whole, none: 'task' }, values: { afterId } };
    if (typeof value === 'string') {
      // The page ended with a day that the zone skipped: the instants after it start with the next day.
      const afterInstant = sqlInstant(startOfDay(value, this.timeZone));
      const shape = { ...whole, day: 'task', instant: 'instant' } as const;
      return { shape, values: { afterDay: value, afterInstant, afterId } };
    }
    const afterDay = dayOf(value, this.timeZone);
    const isStart = /^\d/.test(afterDay) && startOfDay(afterDay, this.timeZone) === value;
    // A page that ended within a day is after it or before it, depending on the direction.
    const shape = { ...whole, day: isStart ? 'task' : 'day', instant: 'task' } as const;
    return { shape, values: { afterDay, afterInstant: sqlInstant(value), afterId } };
  }
}
