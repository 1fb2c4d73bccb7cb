import type { OpenAPIObject } from '@nestjs/swagger';

type Paths = OpenAPIObject['paths'];
type Schema = Record<string, unknown>;

const string = (example: string, extra: Schema = {}): Schema => ({
  type: 'string',
  example,
  ...extra,
});
const object = (
  properties: Record<string, Schema>,
  required = Object.keys(properties),
): Schema => ({
  type: 'object',
  properties,
  required,
});
const json = (schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const EMAIL = string('ada@example.com', { format: 'email' });
const PASSWORD = string('correct horse battery', {
  format: 'password',
  minLength: 8,
  maxLength: 128,
});
const USER = object({
  id: string('kQ0v3mYt8nHsB1xZ'),
  name: string('Ada'),
  email: EMAIL,
  emailVerified: { type: 'boolean' },
});
const SESSION = object({
  token: {
    type: ['string', 'null'],
    description: 'The session, as in the cookie that is set. Not a bearer token.',
  },
  user: USER,
});
const FAILURE = json(
  object(
    { code: string('INVALID_EMAIL_OR_PASSWORD'), message: string('Invalid email or password') },
    ['message'],
  ),
  'Refused, in the words of Better Auth.',
);
/** Taskward refuses before Better Auth does: what is no JSON, cannot be stored, or is too often. */
const EITHER = {
  description: `${FAILURE.description} Or a problem, where Taskward refuses first.`,
  content: {
    ...FAILURE.content,
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  },
};
const LIMITED = {
  ...EITHER,
  headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } },
};
const REFUSALS = { 400: EITHER, 401: FAILURE, 403: FAILURE, 422: EITHER };

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly body?: Schema;
  readonly answer: ReturnType<typeof json>;
  readonly refused?: readonly (keyof typeof REFUSALS)[];
}

function operation({ operationId, summary, body, answer, refused = [] }: Operation) {
  const requestBody = body && { required: true, content: { 'application/json': { schema: body } } };
  return {
    tags: ['Accounts'],
    operationId,
    summary,
    ...(requestBody && { requestBody }),
    responses: {
      200: answer,
      ...Object.fromEntries(refused.map((status) => [status, REFUSALS[status]])),
      429: LIMITED,
    },
  };
}

/** The routes of Better Auth that a client of Taskward needs; it has more. */
export const identityPaths = {
  '/api/auth/sign-up/email': {
    post: operation({
      operationId: 'signUp',
      summary: 'Sign up',
      body: object({ name: string('Ada'), email: EMAIL, password: PASSWORD }),
      answer: json(SESSION, 'Signed up and signed in: the session is in a cookie.'),
      refused: [400, 403, 422],
    }),
  },
  '/api/auth/sign-in/email': {
    post: operation({
      operationId: 'signIn',
      summary: 'Sign in',
      body: object({ email: EMAIL, password: PASSWORD }),
      answer: json(SESSION, 'Signed in: the session is in a cookie.'),
      refused: [400, 401, 403],
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
} as unknown as Paths;
