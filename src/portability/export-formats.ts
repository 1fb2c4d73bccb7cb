import type { ExportedData } from './exported-data.js';
import { toCalendar } from './to-calendar.js';
import { toCsv } from './to-csv.js';
import { toJson } from './to-json.js';

interface Format {
  readonly mediaType: string;
  /** Returns the text of a file, a part for each page of tasks. */
  readonly write: (data: ExportedData) => AsyncGenerator<string, void>;
}

/** Formats of an export, by the ending of the file's name. */
export const EXPORT_FORMATS = {
  json: { mediaType: 'application/json', write: toJson },
  csv: { mediaType: 'text/csv', write: toCsv },
  ics: { mediaType: 'text/calendar', write: toCalendar },
} as const satisfies Record<string, Format>;

export type ExportFormat = keyof typeof EXPORT_FORMATS;
