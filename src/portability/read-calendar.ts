import { inTurns } from './in-turns.js';
import type { ImportReport } from './import-report.js';
import { readText } from './read-text.js';

/** A component of a calendar, such as a VTODO. Names are in lower case. */
export interface CalendarComponent {
  readonly name: string;
  /** Number of its first line. */
  readonly line: number;
  /** Lines of its properties, unfolded. */
  readonly properties: readonly string[];
  /** Names of the components in it, such as VALARM. */
  readonly parts: readonly string[];
}

/** A VCALENDAR: the lines of its properties, unfolded, and the components in it. */
export interface Calendar {
  readonly properties: readonly string[];
  readonly components: readonly CalendarComponent[];
}

const BEGIN = /^BEGIN:([A-Z0-9-]+)\s*$/i;
const END = /^END:([A-Z0-9-]+)\s*$/i;
const CALENDAR = 'vcalendar';

/** A VALARM in a VTODO in a VCALENDAR. */
const MAX_DEPTH = 3;

/** A component that has begun and not ended. */
interface Open extends CalendarComponent {
  readonly properties: string[];
  readonly parts: string[];
}

/** Finds components and their properties; what a property says is left to a parser. */
class CalendarLines {
  readonly calendars: Calendar[] = [];
  #components: CalendarComponent[] = [];
  readonly #open: Open[] = [];

  constructor(private readonly report: ImportReport) {}

  add(text: string, line: number): void {
    const begun = BEGIN.exec(text)?.[1]?.toLowerCase();
    const ended = END.exec(text)?.[1]?.toLowerCase();
    if (begun !== undefined) this.#begin(begun, line);
    else if (ended !== undefined) this.#end(ended, line);
    else this.#addProperty(text, line);
  }

  end(): readonly Calendar[] {
    const unfinished = this.#open.at(-1);
    if (unfinished) this.#refuse(unfinished.line);
    else if (this.calendars.length === 0) this.#refuse(1);
    return this.calendars;
  }

  #begin(name: string, line: number): void {
    const depth = this.#open.length;
    if ((name === CALENDAR) !== (depth === 0) || depth === MAX_DEPTH) this.#refuse(line);
    this.#open.at(-1)?.parts.push(name);
    this.#open.push({ name, line, properties: [], parts: [] });
  }

  #end(name: string, line: number): void {
    const ended = this.#open.pop();
    if (ended?.name !== name) this.#refuse(line);
    if (ended === undefined || this.#open.length > 1) return;
    if (this.#open.length === 1) {
      this.#components.push(ended);
      return;
    }
    this.calendars.push({ properties: ended.properties, components: this.#components });
    this.#components = [];
  }

  /** A line that begins with a blank goes on with the one before (RFC 5545, 3.1). */
  #addProperty(text: string, line: number): void {
    const properties = this.#open.at(-1)?.properties;
    if (/^\s*$/.test(text)) return;
    const isFolded = /^[ \t]/.test(text);
    if (properties === undefined || (isFolded && properties.length === 0)) this.#refuse(line);
    else if (isFolded) properties.push((properties.pop() ?? '') + text.slice(1));
    else properties.push(text);
  }

  #refuse(line: number): void {
    this.report.refuse(line, 'calendar', 'The line does not belong to a calendar.');
    this.report.assertTaken();
  }
}

/**
 * Splits iCalendar (RFC 5545) into its components.
 *
 * @throws Problem `validation_failed` for what is none
 */
export async function readCalendars(
  bytes: Uint8Array,
  report: ImportReport,
): Promise<readonly Calendar[]> {
  const text = readText(bytes, report);
  report.assertTaken();
  const lines = new CalendarLines(report);
  let line = 0;
  for await (const [content] of inTurns(text.matchAll(/[^\r\n]*(?:\r\n|[\r\n])?/g)))
    lines.add(content.replace(/[\r\n]+$/, ''), (line += 1));
  return lines.end();
}
