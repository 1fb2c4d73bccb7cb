import type { List } from './list';

const AT = '2026-11-20T10:00:00.000Z';

/** Returns a list for tests. */
export const sampleList = (fields: Partial<List> & { id: string }): List => ({
  name: fields.id,
  color: null,
  position: fields.id,
  archived: false,
  createdAt: AT,
  updatedAt: AT,
  version: 1,
  ...fields,
});
