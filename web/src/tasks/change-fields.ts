import type { Change } from './change';
import { EMPTY_FIELDS, type TaskFields } from './task';

/** Returns the task's fields as a change wants them. */
export function wantedFields(change: Change): TaskFields {
  if (change.kind === 'create') return change.fields;
  const { title, description, completed, priority, due, tags } = change.base;
  const before = { ...EMPTY_FIELDS, title, description, completed, priority, due, tags };
  return change.kind === 'update' ? { ...before, ...change.patch } : before;
}
