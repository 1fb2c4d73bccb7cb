import { setImmediate } from 'node:timers/promises';
import { CalendarTask, type JsonComponent } from './calendar-task.js';
import type { Draft, DraftList, DraftTask } from './draft.js';
import { fitList } from './fit-list.js';
import { assertCount } from './import-limits.js';
import type { ImportReport } from './import-report.js';
import { type CalendarComponent, readCalendars } from './read-calendar.js';

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
    for (const { text, components } of readCalendars(bytes, this.report)) {
      const name = this.#nameOf(text);
      for (const component of components) {
        this.#add(component, name);
        assertCount(this.#tasks.length);
        // The calendar of a whole file takes seconds; others have their turn.
        await setImmediate();
      }
    }
    return { lists: [...this.#lists.values()], tasks: this.#tasks };
  }

  #parse(text: string, line: number): JsonComponent | undefined {
    try {
      return this.library.parse(text) as JsonComponent;
    } catch {
      this.report.refuse(line, 'calendar', 'The component that begins here is no iCalendar.');
      return undefined;
    }
  }

  /** Returns the name of a calendar; null for an export of Taskward. */
  #nameOf(text: string): string | null {
    const properties = this.#parse(text, 1)?.[1] ?? [];
    const valueOf = (wanted: string) =>
      properties.find(([name]) => name === wanted)?.[3]?.toString() ?? '';
    if (valueOf('prodid').includes(OWN)) return null;
    return (valueOf('name') || valueOf('x-wr-calname')).trim() || null;
  }

  #add({ name, line, text }: CalendarComponent, calendarName: string | null): void {
    // The definitions of time zones belong to others; the names are enough.
    if (name === 'vtimezone') return;
    if (name !== 'vtodo') {
      this.report.skip(line, 'no_task', `${name.slice(0, 100)} is no task`);
      return;
    }
    const component = this.#parse(text, line);
    if (component === undefined) return;
    const task = new CalendarTask(this.library, component, line, this.report);
    const draft = task.draftIn(this.#listOf(task.listName ?? calendarName, line));
    if (draft) this.#tasks.push(draft);
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
