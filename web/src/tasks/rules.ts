import { foldTag } from './tag-fold';
import { FIELDS, type TaskFields } from './task';

/** The API's rules of a task's fields, checked before anything is sent. */

const MAX_TITLE_LENGTH = 255;
const MAX_DESCRIPTION_LENGTH = 10_000;
export const MAX_TAGS = 20;
export const MAX_TAG_LENGTH = 50;

/** A broken rule; `code` is the API's own, and the key of its text. */
export interface FieldError {
  readonly field: keyof TaskFields;
  readonly code: string;
  /** The API's English text, for a code that the catalogue does not have. */
  readonly detail?: string;
}

/** Returns the length in code points, as the API counts. */
export function codePointLength(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');

function titleErrors(title: string): string[] {
  const trimmed = title.trim();
  if (trimmed === '') return ['too_short'];
  if (!isStorable(trimmed)) return ['unicode'];
  return codePointLength(trimmed) > MAX_TITLE_LENGTH ? ['too_long'] : [];
}

function descriptionErrors(description: string | null): string[] {
  if (description === null) return [];
  if (!isStorable(description)) return ['unicode'];
  return codePointLength(description) > MAX_DESCRIPTION_LENGTH ? ['too_long'] : [];
}

function tagErrors(tags: readonly string[]): string[] {
  if (tags.length > MAX_TAGS) return ['too_many'];
  if (new Set(tags.map((tag) => foldTag(tag.trim()))).size < tags.length) return ['duplicate'];
  if (tags.some((tag) => tag.trim() === '')) return ['element_too_short'];
  if (!tags.every(isStorable)) return ['element_unicode'];
  if (tags.some((tag) => codePointLength(tag.trim()) > MAX_TAG_LENGTH)) return ['element_too_long'];
  return [];
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Returns whether a text is a day that the calendar has, or an instant. */
function isDue(text: string): boolean {
  const day = text.slice(0, 10);
  if (!DATE.test(day) || day.startsWith('0000') || Number.isNaN(Date.parse(text))) return false;
  // February 30 would be read as a day of March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Returns the rules that the given fields break; fields that are absent break none. */
export function fieldErrors(fields: Partial<TaskFields>): FieldError[] {
  const { title, description, tags, due } = fields;
  const found: [keyof TaskFields, string[]][] = [
    ['title', title === undefined ? [] : titleErrors(title)],
    ['description', description === undefined ? [] : descriptionErrors(description)],
    ['due', due === undefined || due === null || isDue(due) ? [] : ['due']],
    ['tags', tags === undefined ? [] : tagErrors(tags)],
  ];
  return found.flatMap(([field, codes]) => codes.map((code) => ({ field, code })));
}

interface ProblemErrors {
  readonly errors?: readonly { pointer?: string; code: string; detail: string }[];
}

/** Returns a problem's errors by field, as its JSON pointers name them (`/tags/3`, `/operations/0/task/title`). */
export function problemErrors(problem: ProblemErrors): FieldError[] {
  return (problem.errors ?? []).flatMap(({ pointer = '', code, detail }) => {
    const field = FIELDS.find((name) => pointer.split('/').includes(name));
    if (field === undefined) return [];
    const isElement = /\/tags\/\d+$/.test(pointer) && !code.startsWith('element_');
    return [{ field, code: isElement ? `element_${code}` : code, detail }];
  });
}
