import type { Mail } from './mailer.js';

// Mails contain nothing that the requester typed, such as a name: anyone who signs up with another
// person's address could otherwise write to them.

export const verifyAddress = (to: string, url: string): Mail => ({
  to,
  subject: 'Taskward: verify your address',
  text: `Someone, probably you, signed up for Taskward with this address.

If it was you, open this link within an hour to verify the address:

${url}

If it was not, do nothing: the account cannot be used until the link is opened.
`,
});

/**
 * Describes the request to `POST /reset-password`, for users without a page to enter the password
 * on.
 */
const requestInstructions = (
  url: string,
  token: string,
): string => `send this request within an hour:

POST ${url}
Content-Type: application/json

{"token":"${token}","newPassword":"<the new password>"}`;

/**
 * @param url Better Auth's link. It leads to the page given as `redirectTo`, and nowhere if there
 *   was none.
 */
export function resetPassword(to: string, url: string, token: string): Mail {
  const link = new URL(url);
  const hasPage = !!link.searchParams.get('callbackURL');
  const endpoint = url.slice(0, url.lastIndexOf(`/${token}`));
  const instructions = hasPage
    ? `open this link within an hour:\n\n${url}`
    : requestInstructions(endpoint, token);
  return {
    to,
    subject: 'Taskward: set a new password',
    text: `Someone, probably you, asked for a new password for your Taskward account.

To set one, ${instructions}

It ends every session of the account. If it was not you, do nothing: your password stays the same.
`,
  };
}

export const alreadyRegistered = (to: string): Mail => ({
  to,
  subject: 'Taskward: you already have an account',
  text: `Someone tried to sign up for Taskward with this address, which already has an account.

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
