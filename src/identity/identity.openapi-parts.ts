import { problemExample } from '../openapi/index.js';
import { type ProblemCode, PROBLEMS } from '../problems/index.js';
import { type BodyName, reference, type Schema, SCHEMAS } from './identity.openapi-schemas.js';

export const json = (schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** A response with a named schema. */
export const respond = (name: keyof typeof SCHEMAS, description: string) =>
  json(reference(name), description);

/** Refusals of Better Auth, in its words. */
const MESSAGES = {
  INVALID_EMAIL: 'Invalid email',
  INVALID_EMAIL_OR_PASSWORD: 'Invalid email or password',
  INVALID_PASSWORD: 'Invalid password',
  INVALID_TOKEN: 'Invalid token',
  PASSWORD_TOO_SHORT: 'Password too short',
  SESSION_NOT_FRESH: 'Session is not fresh',
  UNAUTHORIZED: 'Unauthorized',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'User already exists. Use another email.',
  VALIDATION_ERROR: '[body.email] Invalid email address',
};
type AuthCode = keyof typeof MESSAGES;
interface AuthError {
  readonly code?: string;
  readonly message: string;
}
type Refused = Partial<Record<400 | 401 | 403 | 422, AuthCode | AuthError>>;

const TOO_MANY = { message: 'Too many requests. Please try again later.' };
const RETRY_AFTER = { 'Retry-After': { $ref: '#/components/headers/Retry-After' } };

/** Taskward refuses before Better Auth does. */
const OF_BODIES = {
  400: 'invalid_json',
  403: 'untrusted_origin',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'validation_failed',
} as const;
const OF_PAGES = { 400: 'invalid_parameter' } as const;
const OF_ALL = { 429: 'rate_limited', 503: 'database_unavailable' } as const;

/** A refusal by Better Auth, by Taskward, or by either. */
function refusal(address: string, error?: AuthError, code?: ProblemCode) {
  const words = error && 'Refused, in the words of Better Auth.';
  const problem = code && `\`${code}\`: ${PROBLEMS[code][1]}.`;
  const schema = { $ref: '#/components/schemas/Problem' };
  return {
    description: [words, problem].filter(Boolean).join(' Or a problem, '),
    content: {
      ...(error && { 'application/json': { schema: reference('AuthError'), example: error } }),
      ...(code && {
        'application/problem+json': { schema, example: problemExample(code, address) },
      }),
    },
  };
}

/** The name of the security scheme: the cookie of a session. */
export const SESSION = 'session';
const REQUIRED = { [SESSION]: [] };
const SECURITY = { unused: [], optional: [{}, REQUIRED], required: [REQUIRED] };

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Parameters of the path. */
  readonly path?: Record<string, Schema>;
  readonly query?: Record<string, Schema>;
  readonly body?: BodyName;
  /** Whether it takes the cookie of a session; without this, it must have it. */
  readonly session?: keyof typeof SECURITY;
  /** Undefined: the route only redirects. */
  readonly answer?: ReturnType<typeof json>;
  /** Instead of 200, when a link of a mail leads to a page. */
  readonly redirect?: string;
  /** Refusals of Better Auth, by status: the code where its message is the usual one. */
  readonly refused?: Refused;
}

/** Operations by path and method. */
export type Operations = Readonly<Record<string, Partial<Record<'get' | 'post', Operation>>>>;

/** Parameters that can be left out have no `example`. */
const parameters = (place: 'path' | 'query', schemas: Record<string, Schema> = {}) =>
  Object.entries(schemas).map(([name, schema]) => ({
    name,
    in: place,
    required: 'example' in schema,
    schema,
  }));

/** The body of a request; without members it can be left out. */
const requestBodyOf = (name: BodyName) => ({
  required: name !== 'EmptyObject',
  content: { 'application/json': { schema: reference(name) } },
});

/** The refusals of an operation, by status. */
function refusalsOf(path: string, { body, query, refused = {} }: Operation) {
  // A request is shown by its route's pattern: the token of a link is a secret.
  const address = path.replaceAll(/\{(\w+)\}/g, ':$1');
  const codes: Partial<Record<string, ProblemCode>> = {
    ...(body && OF_BODIES),
    ...(query && OF_PAGES),
  };
  const statuses = new Set([...Object.keys(codes), ...Object.keys(refused)]);
  const own = [...statuses].sort().map((status) => {
    const error = refused[Number(status) as keyof Refused];
    const example = typeof error === 'string' ? { code: error, message: MESSAGES[error] } : error;
    return [status, refusal(address, example, codes[status])];
  });
  return {
    ...(Object.fromEntries(own) as object),
    429: { ...refusal(address, TOO_MANY, OF_ALL[429]), headers: RETRY_AFTER },
    503: { ...refusal(address, undefined, OF_ALL[503]), headers: RETRY_AFTER },
  };
}

function describe(address: string, operation: Operation) {
  const {
    path,
    query,
    body,
    answer,
    redirect,
    refused: _,
    session = 'required',
    ...texts
  } = operation;
  const given = [...parameters('path', path), ...parameters('query', query)];
  return {
    tags: ['Accounts'],
    ...texts,
    ...(given.length > 0 && { parameters: given }),
    ...(body && { requestBody: requestBodyOf(body) }),
    security: SECURITY[session],
    responses: {
      ...(answer && { 200: answer }),
      ...(redirect !== undefined && { 302: { description: redirect } }),
      ...refusalsOf(address, operation),
    },
  };
}

/** Describes operations of Better Auth, with the refusals that Taskward gives in its place. */
export const pathsOf = (operations: Operations) =>
  Object.fromEntries(
    Object.entries(operations).map(([path, item]) => [
      path,
      Object.fromEntries(
        Object.entries(item).map(([method, operation]) => [method, describe(path, operation)]),
      ),
    ]),
  );
