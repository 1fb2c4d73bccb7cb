import type { Draft } from './draft.js';
import { fromCsv } from './from-csv.js';
import { fromJson } from './from-json.js';
import type { ImportReport } from './import-report.js';

interface Format {
  /** Media types of its own, beside `application/octet-stream`. */
  readonly mediaTypes: readonly string[];
  readonly read: (bytes: Uint8Array, report: ImportReport) => Draft;
}

/** Formats of an import. */
export const IMPORT_FORMATS = {
  taskward: { mediaTypes: ['application/json'], read: fromJson },
  csv: { mediaTypes: ['text/csv'], read: fromCsv },
} as const satisfies Record<string, Format>;

export type ImportFormat = keyof typeof IMPORT_FORMATS;
