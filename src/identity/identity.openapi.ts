import type { OpenAPIObject } from '@nestjs/swagger';
import {
  DONE,
  EMAIL,
  IMAGE,
  json,
  NAME,
  NEW_PASSWORD,
  object,
  operation,
  PAGE,
  PASSWORD,
  SESSION,
  SIGNED_IN,
  string,
  USER,
} from './identity.openapi-parts.js';

type Paths = OpenAPIObject['paths'];

const accountPaths = {
  '/api/auth/sign-up/email': {
    post: operation({
      operationId: 'signUp',
      summary: 'Sign up',
      description:
        'Where mail is sent, the answer is the same for an address that has an account, and nobody is signed in before the link in the mail was opened.',
      body: object({ name: NAME, email: EMAIL, password: PASSWORD }),
      answer: json(
        SIGNED_IN,
        'Signed up. Where no mail is sent, signed in, too: the session is in a cookie.',
      ),
      refused: [403, 422],
    }),
  },
  '/api/auth/sign-in/email': {
    post: operation({
      operationId: 'signIn',
      summary: 'Sign in',
      description:
        'An address that must be verified first is refused like a wrong password, and gets a mail.',
      body: object({ email: EMAIL, password: PASSWORD }),
      answer: json(SIGNED_IN, 'Signed in: the session is in a cookie.'),
      refused: [401, 403],
    }),
  },
  '/api/auth/update-user': {
    post: operation({
      operationId: 'updateUser',
      summary: 'Change your name or picture',
      body: object({ name: NAME, image: IMAGE }, []),
      answer: json(DONE, 'Changed.'),
      refused: [401, 403],
    }),
  },
  '/api/auth/sign-out': {
    post: operation({
      operationId: 'signOut',
      summary: 'Sign out',
      body: object({}),
      answer: json(object({ success: { type: 'boolean' } }), 'The session has ended.'),
      refused: [403],
    }),
  },
  '/api/auth/token': {
    get: operation({
      operationId: 'getToken',
      summary: 'Get a bearer token for the session',
      answer: json(
        object({ token: string('eyJhbGciOiJFZERTQSJ9…') }),
        'A token, valid for minutes.',
      ),
      refused: [401],
    }),
  },
  '/api/auth/jwks': {
    get: operation({
      operationId: 'getKeys',
      summary: 'The public keys that verify tokens',
      answer: json(
        object({ keys: { type: 'array', items: { type: 'object' } } }),
        'A JSON Web Key Set.',
      ),
    }),
  },
  '/api/auth/delete-user': {
    post: operation({
      operationId: 'deleteAccount',
      summary: 'Delete the account, with every task and session',
      body: object({ password: PASSWORD }),
      answer: json(
        object({ success: { type: 'boolean' }, message: string('User deleted') }),
        'The account is gone.',
      ),
      refused: [401, 403],
    }),
  },
};

const sessionPaths = {
  '/api/auth/get-session': {
    get: operation({
      operationId: 'getSession',
      summary: 'Who is signed in',
      answer: json(
        { anyOf: [object({ session: SESSION, user: USER }), { type: 'null' }] },
        'The session of the cookie and its user; null when nobody is signed in.',
      ),
    }),
  },
  '/api/auth/list-sessions': {
    get: operation({
      operationId: 'listSessions',
      summary: 'List your sessions',
      description: 'Needs a sign-in within the last 24 hours, else 403 `SESSION_NOT_FRESH`.',
      answer: json({ type: 'array', items: SESSION }, 'Those that have not ended.'),
      refused: [401, 403],
    }),
  },
  '/api/auth/revoke-session': {
    post: operation({
      operationId: 'endSession',
      summary: 'End one of your sessions',
      description: 'The answer is the same for a session that is not yours, or not there.',
      body: object({ token: string('7b44T7mpJT1PM5cIjJ6y2Qivb9AJzv3A') }),
      answer: json(DONE, 'The session has ended, and its tokens are refused.'),
      refused: [401, 403],
    }),
  },
  '/api/auth/revoke-other-sessions': {
    post: operation({
      operationId: 'endOtherSessions',
      summary: 'End every session of yours but this one',
      body: object({}),
      answer: json(DONE, 'The others have ended, and their tokens are refused.'),
      refused: [401, 403],
    }),
  },
  '/api/auth/revoke-sessions': {
    post: operation({
      operationId: 'endSessions',
      summary: 'End every session of yours',
      body: object({}),
      answer: json(DONE, 'All have ended, this one too, and their tokens are refused.'),
      refused: [401, 403],
    }),
  },
};

const passwordPaths = {
  '/api/auth/change-password': {
    post: operation({
      operationId: 'changePassword',
      summary: 'Change the password',
      body: object({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD }),
      answer: json(
        SIGNED_IN,
        'Changed. Every session has ended, and a new one is in the cookie that is set.',
      ),
      refused: [401, 403],
    }),
  },
  '/api/auth/request-password-reset': {
    post: operation({
      operationId: 'requestPasswordReset',
      summary: 'Ask for a mail that allows a new password',
      description: '400 `RESET_PASSWORD_DISABLED` where no mail is sent.',
      body: object({ email: EMAIL, redirectTo: PAGE }, ['email']),
      answer: json(
        object({ status: { type: 'boolean' }, message: string('If this email exists…') }),
        'If the address has an account, a mail is on its way.',
      ),
      refused: [403],
    }),
  },
  '/api/auth/reset-password': {
    post: operation({
      operationId: 'resetPassword',
      summary: 'Set a new password with the token from the mail',
      body: object({ token: string('cmFuZG9tIHRva2VuIG9mIG1h'), newPassword: NEW_PASSWORD }),
      answer: json(DONE, 'Set. Every session has ended, and the address counts as verified.'),
      refused: [403],
    }),
  },
  '/api/auth/reset-password/{token}': {
    get: operation({
      operationId: 'openPasswordReset',
      summary: 'Where the link of a password reset leads',
      path: { token: string('cmFuZG9tIHRva2VuIG9mIG1h') },
      query: { callbackURL: PAGE },
      redirect:
        'To the page with `?token=<token>`; a link that is wrong or too old adds `?error=INVALID_TOKEN`.',
      refused: [400],
    }),
  },
  '/api/auth/send-verification-email': {
    post: operation({
      operationId: 'sendVerificationMail',
      summary: 'Ask for another mail that verifies the address',
      description: '400 `VERIFICATION_EMAIL_NOT_ENABLED` where no mail is sent.',
      body: object({ email: EMAIL, callbackURL: PAGE }, ['email']),
      answer: json(DONE, 'If the address is to be verified, a mail is on its way.'),
      refused: [403],
    }),
  },
  '/api/auth/verify-email': {
    get: operation({
      operationId: 'verifyAddress',
      summary: 'Verify an address with the token from the mail',
      query: { token: string('eyJhbGciOiJIUzI1NiJ9…'), callbackURL: PAGE },
      answer: json(
        object({ status: { type: 'boolean' }, user: { type: 'null' } }),
        'Verified, where no page was named.',
      ),
      redirect: 'To the page; a link that is wrong or too old adds `?error=<code>`.',
      refused: [400, 401],
    }),
  },
};

/** Describes every route of Better Auth that is served: what is not here is 404. */
export const identityPaths = {
  ...accountPaths,
  ...sessionPaths,
  ...passwordPaths,
} as unknown as Paths;
