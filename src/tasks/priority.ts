/** Priorities in ascending order; the database stores the index, so that they sort. */
export const PRIORITIES = ['none', 'low', 'medium', 'high'] as const;

export type PriorityName = (typeof PRIORITIES)[number];

/** The same, for the API's description. */
export const PRIORITY_SCHEMA = {
  enum: [...PRIORITIES],
  enumName: 'TaskPriority',
  enumSchema: { description: 'The importance of a task.' },
};
