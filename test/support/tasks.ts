/** All that PUT asks for, with nothing set but the title. */
export const bareTask = (title: string) => ({
  title,
  description: null,
  completed: false,
  priority: 'none',
  due: null,
  tags: [],
});
