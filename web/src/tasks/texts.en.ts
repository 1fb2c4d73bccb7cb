export const tasks = {
  none: 'No tasks',
} as const;
