import { CalendarWriter } from '../icalendar/index.js';
import type { ExportedTask } from '../tasks/index.js';
import type { ExportedData } from './exported-data.js';

/** Returns what has no property in iCalendar, for an import. */
const extensionsOf = ({ task, listName, stored }: ExportedTask) => ({
  ...(listName !== null && { 'X-TASKWARD-LIST': listName }),
  ...(stored?.basis === 'completion' && { 'X-TASKWARD-BASIS': stored.basis }),
  'X-TASKWARD-POSITION': task.position,
});

/** Writes a calendar of the tasks that are not in the trash, each a VTODO (RFC 5545, 3.6.2). */
export async function* toCalendar(data: ExportedData): AsyncGenerator<string, void> {
  const writer = new CalendarWriter('todos', 'Taskward');
  let text = writer.begin();
  for await (const rows of data.tasks('list')) {
    for (const row of rows) {
      const extensions = extensionsOf(row);
      text += writer.add({ task: row.task, series: row.stored, extensions });
    }
    yield text;
    text = '';
  }
  yield writer.end();
}
