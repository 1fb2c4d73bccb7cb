import { CalendarTask, propertiesOf } from './calendar-task.js';
import type { Draft, DraftList, DraftTask } from './draft.js';
import { fitList } from './fit-list.js';
import { assertCount } from './import-limits.js';
import type { ImportReport } from './import-report.js';
import { inTurns } from './in-turns.js';
import { type Calendar, type CalendarComponent, readCalendars } from './read-calendar.js';

/** Part of the `PRODID` of an export of Taskward, whose name is no list. */
const OWN = '//Taskward//';

/** Reads the VTODO components of calendars, one after the other. */
class CalendarReader {
  readonly #lists = new Map<string, DraftList>();
  readonly #tasks: DraftTask[] = [];

  constructor(
    private readonly library: typeof import('ical.js').default,
    private readonly report: ImportReport,
  ) {}

  async read(bytes: Uint8Array): Promise<Draft> {
    for (const { properties, components } of await readCalendars(bytes, this.report)) {
      const name = this.#parsed(1, () => this.#nameOf(properties)) ?? null;
      for await (const component of inTurns(components)) this.#add(component, name);
    }
    return { lists: [...this.#lists.values()], tasks: this.#tasks };
  }

  /** Refuses a component that the library does not parse. */
  #parsed<Result>(line: number, parse: () => Result): Result | undefined {
    try {
      return parse();
    } catch {
      this.report.refuse(line, 'calendar', 'The component that begins here is no iCalendar.');
      return undefined;
    }
  }

  /** Returns the name of a calendar; null for an export of Taskward. */
  #nameOf(lines: Calendar['properties']): string | null {
    const properties = propertiesOf(this.library, lines, ['prodid', 'name', 'x-wr-calname']);
    const valueOf = (wanted: string) =>
      properties.find(([name]) => name === wanted)?.[3]?.toString() ?? '';
    if (valueOf('prodid').includes(OWN)) return null;
    return (valueOf('name') || valueOf('x-wr-calname')).trim() || null;
  }

  #add(component: CalendarComponent, calendarName: string | null): void {
    const { name, line } = component;
    // The definitions of time zones belong to others; the names are enough.
    if (name === 'vtimezone') return;
    if (name !== 'vtodo') {
      this.report.skip(line, 'no_task', `${name.slice(0, 100)} is no task`);
      return;
    }
    const task = this.#parsed(line, () => new CalendarTask(this.library, component, this.report));
    if (task === undefined) return;
    const draft = task.draftIn(this.#listOf(task.listName ?? calendarName, line));
    if (draft) this.#tasks.push(draft);
    assertCount(this.#tasks.length);
  }

  #listOf(name: string | null, line: number): string | null {
    if (name !== null && !this.#lists.has(name))
      this.#lists.set(name, fitList({ key: name, line, name }, this.report));
    return name;
  }
}

/** Reads iCalendar (RFC 5545): each VTODO is a task, and the name of a calendar, or of a task's list, is a list. */
export async function fromCalendar(bytes: Uint8Array, report: ImportReport): Promise<Draft> {
  const { default: library } = await import('ical.js');
  return new CalendarReader(library, report).read(bytes);
}
