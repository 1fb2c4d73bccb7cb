import type { ImportReport } from './import-report.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Decodes a file, without its byte order mark; refuses one that is not UTF-8. */
export function readText(bytes: Uint8Array, report: ImportReport): string {
  try {
    return decoder.decode(bytes);
  } catch {
    report.refuse(1, 'encoding', 'The file is not UTF-8.');
    return '';
  }
}
