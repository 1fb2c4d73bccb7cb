import { EMPTY_FIELDS, NO_PLACE, type Task } from './task';

const AT = '2026-11-20T10:00:00.000Z';

/** Returns a task for tests. */
export const sampleTask = (fields: Partial<Task> = {}): Task => ({
  ...EMPTY_FIELDS,
  ...NO_PLACE,
  tags: [],
  id: 'a',
  title: 'Milk',
  completedAt: null,
  createdAt: AT,
  updatedAt: AT,
  version: 1,
  ...fields,
});
