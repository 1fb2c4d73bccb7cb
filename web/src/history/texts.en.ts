export const history = {
  title: 'History of “{{title}}”',
  close: 'Close the history',
  open: 'History',
  loading: 'Reading the history …',
  failed: 'The history could not be read: {{detail}}',
  retry: 'Try again',
  empty: 'Nothing is recorded.',
  more: 'Show earlier versions',
  version: 'Version {{version}}',
  present: 'Present version',
  /** The session or token that made a version. */
  by: { session: 'by {{name}}', token: 'by the token “{{name}}”', unknown: 'by a session' },
  types: {
    created: 'Added',
    updated: 'Changed',
    completed: 'Completed',
    reopened: 'Reopened',
    moved: 'Moved',
    trashed: 'Moved to the trash',
    restored: 'Restored',
  },
  /** Read out between the two values of a field. */
  becomes: 'becomes',
  subtask: { below: 'Below another task', out: 'Out of its parent' },
  restore: 'Restore this version',
  restoreLabel: 'Restore this version: {{version}}',
  waiting: 'Changes of this task wait to be sent. Earlier versions can be restored after that.',
} as const;
