export const feeds = {
  title: 'Calendar feeds',
  help: 'Calendar programs subscribe to an address, and show your tasks.',
  lifetime:
    'Changing your password keeps them, and so does signing out. Deleting your account ends them.',
  remoteLifetime:
    'A new password keeps them. Revoke them before you delete your account with its issuer: this server does not learn of it.',
  new: 'New feed',
  none: 'You have no calendar feeds.',
  all: 'All tasks',
  trashed: 'A list in the trash',
  kinds: { events: 'Events', todos: 'To-dos' },
  kindsHelp: {
    events: 'Tasks that have a date, for every calendar.',
    todos: 'All open tasks, for programs with tasks, such as Thunderbird or Apple Reminders.',
  },
  name: '{{list}} ({{kind}})',
  made: 'Created {{date}}',
  revokeOne: 'Revoke the feed “{{name}}”',
  revoked: 'The feed “{{name}}” is revoked.',
  confirm: 'Revoke the feed “{{name}}”?',
  confirmText: 'Its address shows nothing any more. Programs may keep what they have read.',
  create: { list: 'Tasks', kind: 'Shown as', submit: 'Create feed' },
  created: {
    title: 'Copy the address',
    warning:
      'Whoever has it can read these tasks without signing in. Enter it in your calendar program.',
    address: 'Address',
  },
  failures: {
    quota: 'You have as many feeds as you can. Revoke one first.',
    list: 'This list is gone. Choose another one.',
    lost: 'No response. The feed may have been created all the same: if it is below, revoke it.',
  },
} as const;
