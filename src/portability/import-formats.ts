import type { Draft } from './draft.js';
import { fromCalendar } from './from-calendar.js';
import { fromCsv } from './from-csv.js';
import { fromGoogleTasks } from './from-google-tasks.js';
import { fromJson } from './from-json.js';
import { fromTodoist } from './from-todoist.js';
import { fromVikunja } from './from-vikunja.js';
import type { ImportReport } from './import-report.js';

interface Format {
  /** Media types of its own, beside `application/octet-stream`. */
  readonly mediaTypes: readonly string[];
  readonly read: (bytes: Uint8Array, report: ImportReport) => Draft | Promise<Draft>;
}

/** Formats of an import. */
export const IMPORT_FORMATS = {
  taskward: { mediaTypes: ['application/json'], read: fromJson },
  'todoist-csv': { mediaTypes: ['text/csv'], read: fromTodoist },
  'google-tasks': { mediaTypes: ['application/json'], read: fromGoogleTasks },
  vikunja: { mediaTypes: ['application/zip', 'application/json'], read: fromVikunja },
  ics: { mediaTypes: ['text/calendar'], read: fromCalendar },
  csv: { mediaTypes: ['text/csv'], read: fromCsv },
} as const satisfies Record<string, Format>;

export type ImportFormat = keyof typeof IMPORT_FORMATS;
