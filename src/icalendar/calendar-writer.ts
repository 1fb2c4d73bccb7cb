import { foldLines } from 'ical-generator';
import { textOf } from './text.js';
import { type CalendarKind, type SeriesTask, TaskComponent } from './task-component.js';

/** How often clients are asked to look for changes. */
const REFRESH = 'PT1H';

const written = (lines: readonly string[]) => `${foldLines(lines.join('\r\n'))}\r\n`;

/**
 * Writes tasks as iCalendar (RFC 5545), piece by piece, so that a calendar of any size takes little memory:
 * `begin`, any number of `add`, and `end` are one calendar.
 */
export class CalendarWriter {
  readonly #zones = new Set<string>();

  constructor(
    private readonly kind: CalendarKind,
    private readonly name: string,
  ) {}

  begin(): string {
    const name = textOf(this.name);
    return written([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Taskward//Taskward//EN',
      'CALSCALE:GREGORIAN',
      `NAME:${name}`,
      `X-WR-CALNAME:${name}`,
      `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`,
      `X-PUBLISHED-TTL:${REFRESH}`,
    ]);
  }

  /** Returns a task, after its time zone if it is the first to need that. */
  add(task: SeriesTask): string {
    const { lines, zone } = new TaskComponent(task, this.kind);
    if (zone === undefined || this.#zones.has(zone.parameter)) return written(lines);
    this.#zones.add(zone.parameter);
    return written([zone.component, ...lines]);
  }

  end(): string {
    return written(['END:VCALENDAR']);
  }
}
