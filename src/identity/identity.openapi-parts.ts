type Schema = Record<string, unknown>;

export const string = (example: string, extra: Schema = {}): Schema => ({
  type: 'string',
  example,
  ...extra,
});
export const object = (
  properties: Record<string, Schema>,
  required = Object.keys(properties),
): Schema => ({
  type: 'object',
  properties,
  required,
});
export const json = (schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const time = (example: string) => string(example, { format: 'date-time' });

export const EMAIL = string('ada@example.com', { format: 'email' });
const password = (example: string) =>
  string(example, { format: 'password', minLength: 8, maxLength: 128 });
export const PASSWORD = password('correct horse battery');
export const NEW_PASSWORD = password('another horse battery');
export const NAME = string('Ada', { minLength: 1, maxLength: 255, description: 'Trimmed.' });
export const IMAGE: Schema = {
  type: ['string', 'null'],
  format: 'uri',
  maxLength: 2048,
  pattern: '^https:',
  examples: ['https://example.com/ada.png'],
  description: 'An https URL, or null.',
};
/** Need not be sent, so `examples`: Swagger UI fills its form with an `example`. */
export const PAGE: Schema = {
  type: 'string',
  examples: ['/'],
  description: 'Where the link in the mail leads in the end: a page of a trusted origin.',
};
export const USER = object({
  id: string('kQ0v3mYt8nHsB1xZ'),
  name: string('Ada'),
  email: EMAIL,
  emailVerified: { type: 'boolean' },
});
export const SESSION = object({
  id: string('42TPmeYV56s9z9mrVKO36utWxRwoJUsw', { description: '`sid` of its bearer tokens.' }),
  token: string('7b44T7mpJT1PM5cIjJ6y2Qivb9AJzv3A', {
    description: 'Names the session to end. Neither a cookie nor a bearer token.',
  }),
  userId: string('kQ0v3mYt8nHsB1xZ'),
  ipAddress: { type: ['string', 'null'], example: '203.0.113.7' },
  userAgent: { type: ['string', 'null'], example: 'Mozilla/5.0' },
  createdAt: time('2026-11-20T17:29:00.000Z'),
  updatedAt: time('2026-11-20T17:29:00.000Z'),
  expiresAt: time('2026-11-27T17:29:00.000Z'),
});
export const SIGNED_IN = object({
  token: {
    type: ['string', 'null'],
    description: 'The session, as in the cookie that is set. Not a bearer token.',
  },
  user: USER,
});
export const DONE = object({ status: { type: 'boolean', example: true } });

const FAILURE = json(
  object(
    { code: string('INVALID_EMAIL_OR_PASSWORD'), message: string('Invalid email or password') },
    ['message'],
  ),
  'Refused, in the words of Better Auth.',
);
const PROBLEM = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};
const RETRY_AFTER = { 'Retry-After': { $ref: '#/components/headers/Retry-After' } };
/** Taskward refuses before Better Auth does: what is no JSON, cannot be stored, or is too often. */
const EITHER = {
  description: `${FAILURE.description} Or a problem, where Taskward refuses first.`,
  content: { ...FAILURE.content, ...PROBLEM },
};
const problem = (description: string) => ({ description, content: PROBLEM });

const REFUSALS = { 400: EITHER, 401: FAILURE, 403: EITHER, 422: EITHER };
/** What any route answers that takes a body. */
const OF_BODIES = {
  400: EITHER,
  413: problem('The body is larger than 32 KiB.'),
  415: problem('The body is no JSON.'),
  422: problem('A text cannot be stored.'),
};
const OF_ALL = {
  429: { ...EITHER, headers: RETRY_AFTER },
  503: { ...problem('The database is out of reach.'), headers: RETRY_AFTER },
};

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Parameters of the path. */
  readonly path?: Record<string, Schema>;
  readonly query?: Record<string, Schema>;
  readonly body?: Schema;
  /** Undefined: the route only redirects. */
  readonly answer?: ReturnType<typeof json>;
  /** Instead of 200, when a link of a mail leads to a page. */
  readonly redirect?: string;
  readonly refused?: readonly (keyof typeof REFUSALS)[];
}

const parameters = (place: 'path' | 'query', schemas: Record<string, Schema> = {}) =>
  Object.entries(schemas).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || name === 'token',
    schema,
  }));

/** An operation of Better Auth, with the answers that Taskward gives in its place. */
export function operation({ path, query, body, answer, redirect, ...rest }: Operation) {
  const { refused = [], ...texts } = rest;
  const given = [...parameters('path', path), ...parameters('query', query)];
  const requestBody = body && { required: true, content: { 'application/json': { schema: body } } };
  return {
    tags: ['Accounts'],
    ...texts,
    ...(given.length > 0 && { parameters: given }),
    ...(requestBody && { requestBody }),
    responses: {
      ...(answer && { 200: answer }),
      ...(redirect !== undefined && { 302: { description: redirect } }),
      ...(body && OF_BODIES),
      ...Object.fromEntries(refused.map((status) => [status, REFUSALS[status]])),
      ...OF_ALL,
    },
  };
}
