import { duplicateMember } from '../http/index.js';
import { isDeeperThan, MAX_DEPTH } from '../validation/index.js';
import type { ImportReport } from './import-report.js';
import { readText } from './read-text.js';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the elements of an array that are objects, with their numbers; refuses others. */
export function objectsOf(
  value: unknown,
  name: string,
  report: ImportReport,
): { line: number; object: JsonObject }[] {
  if (!Array.isArray(value)) {
    report.refuse(1, 'type', `${name} must be an array`);
    return [];
  }
  return value.flatMap((object: unknown, index) => {
    const line = index + 1;
    if (isObject(object)) return [{ line, object }];
    report.refuse(line, 'type', `${name} must be objects`);
    return [];
  });
}

/** Parses a JSON object; refuses anything else, and a member that is there twice. */
export function readJsonObject(bytes: Uint8Array, report: ImportReport): JsonObject {
  const text = readText(bytes, report);
  report.assertTaken();
  const value = parse(text);
  // Before anything walks into it.
  if (isDeeperThan(MAX_DEPTH, value)) {
    report.refuse(1, 'too_deep', `The file is nested deeper than ${String(MAX_DEPTH)} levels.`);
  } else if (!isObject(value)) {
    report.refuse(1, 'json', 'The file is not a JSON object.');
  } else if (duplicateMember(text, value) !== undefined) {
    report.refuse(1, 'duplicate', 'An object in the file has a member twice.');
  } else return value;
  return {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
