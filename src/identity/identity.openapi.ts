import type { OpenAPIObject } from '@nestjs/swagger';
import { json, type Operations, pathsOf, respond, SESSION } from './identity.openapi-parts.js';
import {
  REDIRECT_TARGET,
  reference,
  RESET_TOKEN,
  SCHEMAS,
  string,
} from './identity.openapi-schemas.js';
import { sessionCookieName } from './cookie-names.js';

type Paths = OpenAPIObject['paths'];

const invalidInput = (member: string, mistake = 'expected string, received undefined') => ({
  code: 'VALIDATION_ERROR',
  message: `[${member}] Invalid input: ${mistake}`,
});

const accountPaths: Operations = {
  '/api/auth/sign-up/email': {
    post: {
      operationId: 'signUp',
      session: 'unused',
      summary: 'Sign up',
      description:
        'Where mail is sent, the response does not reveal whether the address has an account, and the user is not signed in until the link in the mail has been opened.',
      body: 'SignUp',
      response: respond(
        'SignedUp',
        'Signed up. Where no mail is sent, also signed in: the session is in a cookie.',
      ),
      errors: { 400: 'VALIDATION_ERROR', 422: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' },
    },
  },
  '/api/auth/sign-in/email': {
    post: {
      operationId: 'signIn',
      session: 'unused',
      summary: 'Sign in',
      description: 'An unverified address is refused like a wrong password, and receives a mail.',
      body: 'SignIn',
      response: respond('SignedIn', 'Signed in: the session is in a cookie.'),
      errors: { 400: 'INVALID_EMAIL', 401: 'INVALID_EMAIL_OR_PASSWORD' },
    },
  },
  '/api/auth/update-user': {
    post: {
      operationId: 'updateUser',
      summary: 'Change your name or picture',
      body: 'UpdateUser',
      response: respond('Done', 'Changed.'),
      errors: { 400: { message: 'No fields to update' }, 401: 'UNAUTHORIZED' },
    },
  },
  '/api/auth/sign-out': {
    post: {
      operationId: 'signOut',
      session: 'optional',
      summary: 'Sign out',
      body: 'EmptyObject',
      response: respond('SignedOut', 'The session has ended.'),
      errors: { 400: invalidInput('body', 'expected object, received array') },
    },
  },
  '/api/auth/token': {
    get: {
      operationId: 'getToken',
      summary: 'Get a bearer token for the session',
      response: respond('AccessToken', 'A short-lived token.'),
      errors: { 401: 'UNAUTHORIZED' },
    },
  },
  '/api/auth/jwks': {
    get: {
      operationId: 'getKeys',
      session: 'unused',
      summary: 'Get the public keys that verify tokens',
      response: respond('PublicKeySet', 'A JSON Web Key Set.'),
    },
  },
  '/api/auth/delete-user': {
    post: {
      operationId: 'deleteAccount',
      summary: 'Delete the account with all its tasks and sessions',
      body: 'DeleteAccount',
      response: respond('AccountDeleted', 'The account has been deleted.'),
      errors: { 400: 'INVALID_PASSWORD', 401: 'UNAUTHORIZED' },
    },
  },
};

const sessionPaths: Operations = {
  '/api/auth/get-session': {
    get: {
      operationId: 'getSession',
      session: 'optional',
      summary: 'Get the current session',
      response: json(
        { anyOf: [reference('CurrentSession'), { type: 'null' }] },
        'The session of the cookie and its user; null if no user is signed in.',
      ),
    },
  },
  '/api/auth/list-sessions': {
    get: {
      operationId: 'listSessions',
      summary: 'List your sessions',
      description:
        'Requires a sign-in within the last 24 hours; otherwise 403 `SESSION_NOT_FRESH`.',
      response: json(
        { type: 'array', items: reference('Session') },
        'The sessions that have not ended.',
      ),
      errors: { 401: 'UNAUTHORIZED', 403: 'SESSION_NOT_FRESH' },
    },
  },
  '/api/auth/revoke-session': {
    post: {
      operationId: 'endSession',
      summary: 'End one of your sessions',
      description: 'The response is the same for a session that is not yours or does not exist.',
      body: 'EndSession',
      response: respond('Done', 'The session has ended, and its tokens are refused.'),
      errors: { 400: invalidInput('body.token'), 401: 'UNAUTHORIZED' },
    },
  },
  '/api/auth/revoke-other-sessions': {
    post: {
      operationId: 'endOtherSessions',
      summary: 'End all of your other sessions',
      body: 'EmptyObject',
      response: respond('Done', 'The other sessions have ended, and their tokens are refused.'),
      errors: { 401: 'UNAUTHORIZED' },
    },
  },
  '/api/auth/revoke-sessions': {
    post: {
      operationId: 'endSessions',
      summary: 'End all of your sessions',
      body: 'EmptyObject',
      response: respond(
        'Done',
        'All sessions have ended, including this one, and their tokens are refused.',
      ),
      errors: { 401: 'UNAUTHORIZED' },
    },
  },
};

const passwordPaths: Operations = {
  '/api/auth/change-password': {
    post: {
      operationId: 'changePassword',
      summary: 'Change the password',
      body: 'ChangePassword',
      response: respond(
        'PasswordChanged',
        'Changed. All sessions have ended, and the cookie contains a new one.',
      ),
      errors: { 400: 'PASSWORD_TOO_SHORT', 401: 'UNAUTHORIZED' },
    },
  },
  '/api/auth/request-password-reset': {
    post: {
      operationId: 'requestPasswordReset',
      session: 'unused',
      summary: 'Request a password reset mail',
      description: '400 `RESET_PASSWORD_DISABLED` where no mail is sent.',
      body: 'RequestPasswordReset',
      response: respond('MailRequested', 'If the address has an account, a mail has been sent.'),
      errors: { 400: 'VALIDATION_ERROR' },
    },
  },
  '/api/auth/reset-password': {
    post: {
      operationId: 'resetPassword',
      session: 'unused',
      summary: 'Set a new password with the token from the mail',
      body: 'ResetPassword',
      response: respond(
        'Done',
        'Set. All sessions have ended, and the address counts as verified.',
      ),
      errors: { 400: 'INVALID_TOKEN' },
    },
  },
  '/api/auth/reset-password/{token}': {
    get: {
      operationId: 'openPasswordReset',
      session: 'unused',
      summary: 'Follow the link in a password reset mail',
      pathParameters: { token: RESET_TOKEN },
      queryParameters: {
        callbackURL: string('/', { description: REDIRECT_TARGET['description'] }),
      },
      redirect:
        'Redirects to the page with `?token=<token>`, or with `?error=INVALID_TOKEN` if the link is invalid or has expired.',
      errors: { 400: invalidInput('query.callbackURL') },
    },
  },
  '/api/auth/send-verification-email': {
    post: {
      operationId: 'sendVerificationMail',
      session: 'optional',
      summary: 'Request another verification mail',
      description: '400 `VERIFICATION_EMAIL_NOT_ENABLED` where no mail is sent.',
      body: 'SendVerificationMail',
      response: respond('Done', 'If the address needs verification, a mail has been sent.'),
      errors: { 400: 'VALIDATION_ERROR' },
    },
  },
  '/api/auth/verify-email': {
    get: {
      operationId: 'verifyAddress',
      session: 'unused',
      summary: 'Verify an address with the token from the mail',
      queryParameters: { token: string('eyJhbGciOiJIUzI1NiJ9…'), callbackURL: REDIRECT_TARGET },
      response: respond('AddressVerified', 'Verified, if no page was named.'),
      redirect:
        'Redirects to the page, with `?error=<code>` if the link is invalid or has expired.',
      errors: { 400: invalidInput('query.token'), 401: 'INVALID_TOKEN' },
    },
  },
};

/** Every Better Auth route that is served; all others are 404. */
export const identityPaths = pathsOf({
  ...accountPaths,
  ...sessionPaths,
  ...passwordPaths,
}) as unknown as Paths;

/** Adds accounts to the OpenAPI document. */
export function describeAccounts(document: OpenAPIObject, origin: string): OpenAPIObject {
  const { schemas, securitySchemes, ...components } = document.components ?? {};
  return {
    ...document,
    paths: { ...identityPaths, ...document.paths },
    components: {
      ...components,
      schemas: { ...schemas, ...(SCHEMAS as typeof schemas) },
      securitySchemes: {
        ...securitySchemes,
        [SESSION]: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookieName(origin),
          description:
            'The session started by a sign-up or sign-in. Browsers store it automatically.',
        },
      },
    },
  };
}
