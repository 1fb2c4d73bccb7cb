import { CsvError, parse } from 'csv-parse/sync';
import type { ImportReport } from './import-report.js';
import { assertCount, MAX_TASKS } from './import-limits.js';
import { readText } from './read-text.js';

/** A line of a file: its number, and its cells by the names of their columns. */
export interface CsvLine {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

interface Parsed {
  readonly info: { readonly lines: number };
  readonly record: Record<string, string>;
}

/** Longer than any line of a task. */
const MAX_LINE_CHARACTERS = 1_000_000;

/** Returns the character between the names of the header. Spreadsheets of some languages write `;`. */
function delimiterOf(text: string): string {
  const [header = ''] = text.split(/[\r\n]/, 1);
  return [',', ';', '\t'].find((delimiter) => header.includes(delimiter)) ?? ',';
}

/**
 * Reads a file with a header, whose names are compared in lower case. Refuses one that is not CSV.
 *
 * @throws Problem `payload_too_large`
 */
export function readCsv(bytes: Uint8Array, report: ImportReport): CsvLine[] {
  const text = readText(bytes, report);
  report.assertTaken();
  try {
    const parsed = parse(text, {
      columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
      delimiter: delimiterOf(text),
      info: true,
      max_record_size: MAX_LINE_CHARACTERS,
      skip_empty_lines: true,
      to: MAX_TASKS + 1,
    }) as unknown as Parsed[];
    assertCount(parsed.length);
    return parsed.map(({ info, record }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { readonly lines?: number };
    report.refuse(lines ?? 1, 'csv', 'The line is not CSV, or has other columns than the header.');
    return [];
  }
}
