/** The reasons for which a task stays where it is, by the API's codes and the page's own. */
export const moveRules = {
  first: 'It is the first already.',
  last: 'It is the last already.',
  nothingAbove: 'There is no task above it to put it below.',
  noParent: 'It has no parent.',
  too_deep: 'A task has at most four above it.',
  cycle: 'A task cannot be below itself.',
  not_found: 'The task beside it is not there any more.',
  not_of_sibling: 'The task beside it has been moved.',
  otherOrder: 'Sort by “My order” to move tasks.',
} as const;
