import { duplicateMember } from '../http/index.js';
import { isDeeperThan, MAX_DEPTH } from '../validation/index.js';
import type { ImportReport } from './import-report.js';
import { readText } from './read-text.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** An element of an array, and its number. */
export interface NumberedObject {
  readonly line: number;
  readonly object: JsonObject;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a string; an empty one for anything else. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Returns the elements of an array that are objects, with their numbers; refuses others. */
export function objectsOf(value: unknown, name: string, report: ImportReport): NumberedObject[] {
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

/** Whether a member says anything: services write zeros and empty arrays for what is not set. */
function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.values(value).some(isSet);
  return Boolean(value);
}

/** Reports members that an import does not know. */
export function skipUnknown(
  { line, object }: NumberedObject,
  known: readonly string[],
  report: ImportReport,
): void {
  for (const [name, value] of Object.entries(object))
    if (!known.includes(name) && isSet(value))
      report.skip(line, 'unknown', `${name.slice(0, 100)} is not known`);
}

/** Parses JSON; refuses what is none, or nested too deep, and a member that is there twice. */
export function readJson(bytes: Uint8Array, report: ImportReport): unknown {
  const text = readText(bytes, report);
  report.assertTaken();
  const value = parse(text);
  // Before anything walks into it.
  if (isDeeperThan(MAX_DEPTH, value)) {
    report.refuse(1, 'too_deep', `The file is nested deeper than ${String(MAX_DEPTH)} levels.`);
  } else if (typeof value !== 'object' || value === null) {
    report.refuse(1, 'json', 'The file is not JSON.');
  } else if (duplicateMember(text, value) !== undefined) {
    report.refuse(1, 'duplicate', 'An object in the file has a member twice.');
  }
  report.assertTaken();
  return value;
}

/** Parses a JSON object; refuses anything else. */
export function readJsonObject(bytes: Uint8Array, report: ImportReport): JsonObject {
  const value = readJson(bytes, report);
  if (isObject(value)) return value;
  report.refuse(1, 'json', 'The file is not a JSON object.');
  return {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
