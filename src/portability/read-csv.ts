import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { assertCount, MAX_TASKS } from './import-limits.js';
import type { ImportReport } from './import-report.js';
import { readText } from './read-text.js';

/** A record of a file: the number of its first line, and its cells by the names of their columns. */
export interface CsvLine {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

interface Parsed {
  /** Lines up to the end of the record, where a CRLF in a cell counts twice. */
  readonly info: { readonly lines: number };
  readonly record: Record<string, string>;
}

/** Numbers each record by its first line. */
function numbered(records: readonly Parsed[]): CsvLine[] {
  let countedTwice = 0;
  return records.map(({ info, record }) => {
    const breaks = Object.values(record).flatMap((cell) => cell.match(/\r\n|\r|\n/g) ?? []);
    countedTwice += breaks.filter((text) => text === '\r\n').length;
    return { line: info.lines - countedTwice - breaks.length, cells: record };
  });
}

/** Parsed in about a millisecond; then others have their turn. */
const CHUNK_BYTES = 16 * 1024;

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    yield bytes.subarray(at, at + CHUNK_BYTES);
    await setImmediate();
  }
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
export async function readCsv(bytes: Uint8Array, report: ImportReport): Promise<CsvLine[]> {
  const text = readText(bytes, report);
  report.assertTaken();
  const parser = parse({
    bom: true,
    columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
    delimiter: delimiterOf(text),
    info: true,
    max_record_size: MAX_LINE_CHARACTERS,
    skip_empty_lines: true,
    to: MAX_TASKS + 1,
  });
  try {
    const records: Parsed[] = [];
    for await (const record of Readable.from(chunksOf(bytes)).pipe(parser))
      records.push(record as Parsed);
    assertCount(records.length);
    return numbered(records);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { readonly lines?: number };
    report.refuse(lines ?? 1, 'csv', 'The line is not CSV, or has other columns than the header.');
    return [];
  }
}
