import type ICAL from 'ical.js';
import { instantOfLocal, isTimeZone } from '../common/index.js';
import type { PriorityName } from '../tasks/index.js';
import type { DraftTask } from './draft.js';
import { type ForeignFields, fitTask } from './fit-task.js';
import type { ImportReport } from './import-report.js';
import type { CalendarComponent } from './read-calendar.js';
import { textOf } from './read-json.js';

type Library = typeof ICAL;

/** A property in jCal (RFC 7265): its name, parameters and type, and its values. */
type Property = readonly [string, Readonly<Record<string, unknown>>, string, ...unknown[]];

/** Properties that are taken. */
const TAKEN = [
  ...['summary', 'description', 'categories', 'priority', 'due', 'status', 'completed', 'created'],
  ...['uid', 'related-to', 'rrule', 'recurrence-id', 'dtstart', 'percent-complete'],
  ...['x-taskward-list', 'x-taskward-basis', 'x-taskward-position'],
];
/** Properties that say nothing outside of a calendar. */
const TECHNICAL = ['dtstamp', 'last-modified', 'sequence', 'class'];

/** Longer than any property of a task; the library takes quadratic time for parameters. */
const MAX_PROPERTY_CHARACTERS = 100_000;

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

/** RFC 5545, 3.8.1.9: 1 to 4 are high, 5 is medium, 6 to 9 are low, and 0 is none. */
function priorityOf(value: unknown): PriorityName {
  const number = Number(value ?? 0);
  if (number >= 1 && number <= 4) return 'high';
  if (number === 5) return 'medium';
  return number >= 6 && number <= 9 ? 'low' : 'none';
}

/** Returns the IANA name that a `TZID` is, or ends with; undefined if there is none. */
function timeZoneOf(property: Property | undefined): string | undefined {
  const id = textOf(property?.[1]['tzid']);
  return [id, id.split('/').slice(-2).join('/')].find(isTimeZone);
}

const nameOf = (property: string) => /^[^:;]*/.exec(property)?.[0].toLowerCase() ?? '';

/**
 * Parses those properties whose names are wanted.
 *
 * @throws Error for what is no iCalendar
 */
export function propertiesOf(
  library: Library,
  properties: readonly string[],
  names: readonly string[],
): readonly Property[] {
  const wanted = properties.filter((property) => names.includes(nameOf(property)));
  if (wanted.some(({ length }) => length > MAX_PROPERTY_CHARACTERS))
    throw new Error('A property is too long.');
  const text = ['BEGIN:VTODO', ...wanted, 'END:VTODO'].join('\r\n');
  return (library.parse(text) as [string, Property[]])[1];
}

/** Reads one VTODO. */
export class CalendarTask {
  readonly line: number;
  readonly #properties: readonly Property[];

  /** @throws Error for what is no iCalendar */
  constructor(
    private readonly library: Library,
    private readonly component: CalendarComponent,
    private readonly report: ImportReport,
  ) {
    this.line = component.line;
    this.#properties = propertiesOf(library, component.properties, TAKEN);
  }

  /** The list that an export of Taskward names; null if there is none. */
  get listName(): string | null {
    return textOf(this.#valueOf('x-taskward-list')) || null;
  }

  /** The task in a list; undefined for a changed date of a series, which Taskward has not. */
  draftIn(listKey: string | null): DraftTask | undefined {
    const { line, report } = this;
    if (this.#property('recurrence-id')) {
      report.skip(line, 'recurrence', 'a date of a series that was changed by itself is not known');
      return undefined;
    }
    this.#skipUnknown();
    const place = {
      key: textOf(this.#valueOf('uid')) || `line ${String(line)}`,
      line,
      completedAt: this.#completedAt(),
      createdAt: this.#instantOf(this.#property('created')) ?? undefined,
      listKey,
      parentKey: this.#parentKey(),
      position: textOf(this.#valueOf('x-taskward-position')),
    };
    return fitTask(place, this.#fields(), report);
  }

  #fields(): ForeignFields {
    const recurs = this.#property('rrule');
    // A series may have a start only.
    const due = this.#property('due') ?? (recurs ? this.#property('dtstart') : undefined);
    const basis = this.#valueOf('x-taskward-basis') === 'completion' ? 'completion' : 'due';
    const timeZone = timeZoneOf(due) ?? 'UTC';
    return {
      title: textOf(this.#valueOf('summary')),
      description: textOf(this.#valueOf('description')),
      priority: priorityOf(this.#valueOf('priority')),
      due: this.#instantOf(due),
      tags: this.#all('categories').flatMap(([, , , ...values]) => values.map(textOf)),
      recurrence: recurs ? { rule: this.#ruleOf(recurs), timeZone, basis } : null,
    };
  }

  #all(name: string): readonly Property[] {
    return this.#properties.filter(([own]) => own === name);
  }

  #property(name: string): Property | undefined {
    return this.#properties.find(([own]) => own === name);
  }

  #valueOf(name: string): unknown {
    return this.#property(name)?.[3];
  }

  #ruleOf([, , , value]: Property): string {
    return String(
      this.library.Recur.fromData(value as Parameters<Library['Recur']['fromData']>[0]),
    );
  }

  /** Returns a day or an instant; a local time whose time zone is not known is taken as UTC. */
  #instantOf(property: Property | undefined): string | null {
    const text = textOf(property?.[3]);
    if (text === '' || !LOCAL.test(text)) return text || null;
    const timeZone = timeZoneOf(property);
    if (timeZone === undefined)
      this.report.skip(
        this.line,
        'time_zone',
        `the time zone of ${property?.[0] ?? ''} is not known, and its time is taken as UTC`,
      );
    return this.#safeInstant(text, timeZone ?? 'UTC');
  }

  /** A time such as 25:00 stays as it is: the rules of a due refuse it. */
  #safeInstant(text: string, timeZone: string): string {
    try {
      return instantOfLocal(text, timeZone).toISOString();
    } catch (error) {
      if (error instanceof RangeError) return text;
      throw error;
    }
  }

  #completedAt(): DraftTask['completedAt'] {
    const status = textOf(this.#valueOf('status')).toUpperCase();
    const percent = Number(this.#valueOf('percent-complete') ?? 0);
    const isCancelled = status === 'CANCELLED';
    const at = this.#instantOf(this.#property('completed'));
    if (isCancelled)
      this.report.skip(this.line, 'cancelled', 'the task was cancelled, and is completed');
    const isCompleted = isCancelled || status === 'COMPLETED' || (status === '' && at !== null);
    if (isCompleted || percent === 100) return at ?? true;
    if (percent > 0) this.report.skip(this.line, 'unknown', 'percent-complete is not known');
    return null;
  }

  #parentKey(): string | null {
    const related = this.#all('related-to');
    const isParent = ([, { reltype }]: Property) =>
      reltype === undefined || textOf(reltype).toUpperCase() === 'PARENT';
    const [parent, ...others] = related.filter(isParent);
    if (others.length > 0 || related.length > related.filter(isParent).length)
      this.report.skip(
        this.line,
        'relation',
        'relations other than the first parent are not known',
      );
    return textOf(parent?.[3]) || null;
  }

  #skipUnknown(): void {
    const start = this.#valueOf('dtstart');
    if (start !== undefined && start !== (this.#valueOf('due') ?? start))
      this.report.skip(this.line, 'unknown', 'dtstart is not known beside due');
    const { properties, parts } = this.component;
    for (const name of new Set([...parts, ...properties.map(nameOf)]))
      if (![...TAKEN, ...TECHNICAL].includes(name))
        this.report.skip(this.line, 'unknown', `${name.slice(0, 100)} is not known`);
  }
}
