import { calendarRuleOf, localStartOf, type StoredRecurrence } from '../recurrence/index.js';
import type { TaskDto } from '../tasks/index.js';
import { textOf } from './text.js';
import { type CalendarZone, calendarZoneOf } from './time-zones.js';

/** Whether tasks are events (VEVENT), which every calendar shows, or to-dos (VTODO). */
export type CalendarKind = 'events' | 'todos';

/** A task with the state of its series; null if it does not repeat. */
export interface SeriesTask {
  readonly task: TaskDto;
  readonly series: StoredRecurrence | null;
  /** Texts of further properties, by names that begin with `X-`. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** RFC 5545, 3.8.1.9: 1 is the highest priority, 9 the lowest. */
const PRIORITIES: Readonly<Record<TaskDto['priority'], readonly string[]>> = {
  none: [],
  low: ['PRIORITY:9'],
  medium: ['PRIORITY:5'],
  high: ['PRIORITY:1'],
};

/** Returns an RFC 3339 day or date-time in UTC in the format of iCalendar. */
const basic = (text: string) => text.replaceAll(/[-:]|\.\d+/g, '');

const isDay = (due: string) => due.length === 'YYYY-MM-DD'.length;

/** The component of a task, as lines that are not folded yet. Its `UID` is the id of the task. */
export class TaskComponent {
  readonly lines: readonly string[];
  /** The time zone that the component refers to. */
  readonly zone: CalendarZone | undefined;
  /** Null for a completed task, which repeats no more: the one that follows it does. */
  readonly #series: StoredRecurrence | null;

  constructor({ task, series, extensions = {} }: SeriesTask, kind: CalendarKind) {
    this.#series = task.completed ? null : series;
    const isTimed = this.#series !== null && this.#series.time !== null;
    this.zone = isTimed ? calendarZoneOf(this.#series.timeZone) : undefined;
    const name = kind === 'events' ? 'VEVENT' : 'VTODO';
    this.lines = [
      `BEGIN:${name}`,
      ...this.#descriptionOf(task),
      ...(kind === 'events' ? this.#eventOf(task) : this.#todoOf(task)),
      ...(this.#series ? [`RRULE:${calendarRuleOf(this.#series)}`] : []),
      ...Object.entries(extensions).map(([key, text]) => `${key};VALUE=TEXT:${textOf(text)}`),
      `END:${name}`,
    ];
  }

  #descriptionOf(task: TaskDto): string[] {
    const { description, tags, parentId } = task;
    return [
      `UID:${task.id}`,
      // Not the time of the request: an unchanged task stays the same to the byte.
      `DTSTAMP:${basic(task.updatedAt)}`,
      `CREATED:${basic(task.createdAt)}`,
      `LAST-MODIFIED:${basic(task.updatedAt)}`,
      `SEQUENCE:${String(task.version - 1)}`,
      ...(description ? [`DESCRIPTION:${textOf(description)}`] : []),
      ...(tags.length > 0 ? [`CATEGORIES:${tags.map(textOf).join()}`] : []),
      ...(parentId === null ? [] : [`RELATED-TO;RELTYPE=PARENT:${parentId}`]),
      ...PRIORITIES[task.priority],
    ];
  }

  /** An event cannot be completed: its title shows it. */
  #eventOf({ title, completed, due }: TaskDto): string[] {
    return [
      `SUMMARY:${completed ? '✓ ' : ''}${textOf(title)}`,
      'TRANSP:TRANSPARENT',
      ...this.#timesOf(due, ['DTSTART']),
    ];
  }

  #todoOf({ title, completedAt, due }: TaskDto): string[] {
    const status =
      completedAt === null
        ? ['STATUS:NEEDS-ACTION']
        : ['STATUS:COMPLETED', `COMPLETED:${basic(completedAt)}`, 'PERCENT-COMPLETE:100'];
    // A rule needs a start (RFC 5545, 3.8.5.3).
    const names = this.#series ? ['DTSTART', 'DUE'] : ['DUE'];
    return [`SUMMARY:${textOf(title)}`, ...status, ...this.#timesOf(due, names)];
  }

  #timesOf(due: string | null, names: readonly string[]): string[] {
    if (due === null) return [];
    if (isDay(due)) return names.map((name) => `${name};VALUE=DATE:${basic(due)}`);
    if (this.#series === null || this.zone === undefined) {
      return names.map((name) => `${name}:${basic(due)}`);
    }
    // The time that the series repeats, which `due` is not where clocks skip it.
    const start = basic(localStartOf(this.#series));
    const { parameter } = this.zone;
    return names.map((name) => `${name};${parameter}:${start}`);
  }
}
