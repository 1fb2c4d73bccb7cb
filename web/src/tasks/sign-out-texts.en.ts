/** The texts about changes that wait when the user leaves. */
export const signOut = {
  title: 'Some changes are not sent yet',
  text_one: '{{count}} change waits for a connection or for your decision.',
  text_other: '{{count}} changes wait for a connection or for your decision.',
  send: 'Send, then sign out',
  sending: 'Sending …',
  keep: 'Keep for this account',
  keepHelp: 'Sent when you sign in here again. Nobody else sees them.',
  discard: 'Discard',
  discardHelp: 'They are lost.',
  cancel: 'Stay signed in',
  failed: 'Could not send everything.',
} as const;
