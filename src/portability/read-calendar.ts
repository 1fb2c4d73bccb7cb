import type { ImportReport } from './import-report.js';
import { readText } from './read-text.js';

/** A component of a calendar, such as a VTODO, as it is written. */
export interface CalendarComponent {
  /** In lower case. */
  readonly name: string;
  /** Number of its first line. */
  readonly line: number;
  readonly text: string;
}

/** A VCALENDAR without its components, as it is written, and these. */
export interface Calendar {
  readonly text: string;
  readonly components: readonly CalendarComponent[];
}

const BEGIN = /^BEGIN:([A-Z0-9-]+)\s*$/i;
const END = /^END:([A-Z0-9-]+)\s*$/i;
const CALENDAR = 'vcalendar';

/** A VALARM in a VTODO in a VCALENDAR. */
const MAX_DEPTH = 3;

/** Longer than any task. */
const MAX_COMPONENT_CHARACTERS = 1_000_000;

/** Finds components by their first and last lines; what is between is left to a parser. */
class CalendarLines {
  readonly calendars: Calendar[] = [];
  #properties: string[] = [];
  #components: CalendarComponent[] = [];
  /** Names of the components that have begun and not ended. */
  readonly #open: string[] = [];
  /** Where the present component of the calendar begins. */
  #start = 0;

  constructor(
    private readonly lines: readonly string[],
    private readonly report: ImportReport,
  ) {}

  read(): Calendar[] {
    this.lines.forEach((line, index) => {
      const begun = BEGIN.exec(line)?.[1]?.toLowerCase();
      const ended = END.exec(line)?.[1]?.toLowerCase();
      if (begun !== undefined) this.#begin(begun, index);
      else if (ended !== undefined) this.#end(ended, index);
      else if (this.#open.length === 1) this.#properties.push(line);
      else if (this.#open.length === 0 && line.trim() !== '') this.#refuse(index);
    });
    if (this.#open.length > 0 || this.calendars.length === 0) this.#refuse(this.#start);
    return this.calendars;
  }

  #begin(name: string, index: number): void {
    const depth = this.#open.length;
    if ((name === CALENDAR) !== (depth === 0) || depth === MAX_DEPTH) this.#refuse(index);
    if (depth <= 1) this.#start = index;
    this.#open.push(name);
  }

  #end(name: string, index: number): void {
    if (this.#open.pop() !== name) this.#refuse(index);
    if (this.#open.length === 1) this.#addComponent(name, index);
    if (this.#open.length > 0) return;
    const text = ['BEGIN:VCALENDAR', ...this.#properties, 'END:VCALENDAR'].join('\r\n');
    this.calendars.push({ text, components: this.#components });
    [this.#properties, this.#components] = [[], []];
  }

  #addComponent(name: string, end: number): void {
    const text = this.lines.slice(this.#start, end + 1).join('\r\n');
    if (text.length > MAX_COMPONENT_CHARACTERS) this.#refuse(this.#start);
    this.#components.push({ name, line: this.#start + 1, text });
  }

  #refuse(index: number): void {
    const detail = 'The line does not belong to a calendar, or to a component that is too long.';
    this.report.refuse(index + 1, 'calendar', detail);
    this.report.assertTaken();
  }
}

/**
 * Splits iCalendar (RFC 5545) into its components.
 *
 * @throws Problem `validation_failed` for what is none
 */
export function readCalendars(bytes: Uint8Array, report: ImportReport): Calendar[] {
  const text = readText(bytes, report);
  report.assertTaken();
  return new CalendarLines(text.split(/\r\n|\n|\r/), report).read();
}
