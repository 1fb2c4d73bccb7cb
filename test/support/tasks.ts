/** All that PUT asks for, with nothing set but the title. */
export const bareTask = (title: string) => ({
  title,
  description: null,
  completed: false,
  priority: 'none',
  due: null,
  tags: [],
});

/** Fields of a task that repeats every day. */
export const RECURRING = {
  due: '2999-01-01',
  recurrence: { rule: 'FREQ=DAILY', timeZone: 'UTC' },
};
