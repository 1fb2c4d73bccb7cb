import type { Mail } from './mailer.js';

// None of them holds what the person at the other end typed, such as a name: whoever signs up with
// the address of somebody else must not be able to write to them.

export const verifyAddress = (to: string, url: string): Mail => ({
  to,
  subject: 'Taskward: verify your address',
  text: `Somebody, probably you, signed up for Taskward with this address.

If it was you, open this link within an hour to verify the address:

${url}

If it was not, do nothing: nobody can use the account before the link was opened.
`,
});

/** What `POST /reset-password` takes, for whoever has no page to enter the new password. */
const byHand = (url: string, token: string): string => `send this request within an hour:

POST ${url}
Content-Type: application/json

{"token":"${token}","newPassword":"<the new password>"}`;

/**
 * @param url Better Auth's link. It leads to the page that the caller named as `redirectTo`, and
 *   nowhere when there is none.
 */
export function resetPassword(to: string, url: string, token: string): Mail {
  const link = new URL(url);
  const hasPage = !!link.searchParams.get('callbackURL');
  const endpoint = url.slice(0, url.lastIndexOf(`/${token}`));
  const how = hasPage ? `open this link within an hour:\n\n${url}` : byHand(endpoint, token);
  return {
    to,
    subject: 'Taskward: set a new password',
    text: `Somebody, probably you, asked for a new password for your Taskward account.

To set one, ${how}

It ends every session of the account. If it was not you, do nothing: your password stays as it is.
`,
  };
}

export const alreadyRegistered = (to: string): Mail => ({
  to,
  subject: 'Taskward: you already have an account',
  text: `Somebody tried to sign up for Taskward with this address, which has an account already.

If it was you, sign in instead, or ask for a new password. If it was not, do nothing: nothing has
changed, and nobody was told that the account exists.
`,
});

export const passwordChanged = (to: string): Mail => ({
  to,
  subject: 'Taskward: your password was changed',
  text: `The password of your Taskward account was changed, and every other session has ended.

If it was not you, ask for a new password at once.
`,
});
