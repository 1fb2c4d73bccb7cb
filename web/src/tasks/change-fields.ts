import type { Change } from './change';
import { fieldsOf, type TaskFields } from './task';

/** Returns the task's fields as a change wants them. */
export function wantedFields(change: Change): TaskFields {
  if (change.kind === 'create') return change.fields;
  const before = fieldsOf(change.base);
  return change.kind === 'update' ? { ...before, ...change.patch } : before;
}
