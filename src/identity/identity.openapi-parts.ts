import { problemExample } from '../openapi/index.js';
import { type ProblemCode, PROBLEMS } from '../problems/index.js';
import { type BodyName, reference, type Schema, SCHEMAS } from './identity.openapi-schemas.js';

export const json = (schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** Returns a response with a named schema. */
export const respond = (name: keyof typeof SCHEMAS, description: string) =>
  json(reference(name), description);

/** Better Auth's error messages. */
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
type AuthErrors = Partial<Record<400 | 401 | 403 | 422, AuthCode | AuthError>>;

const TOO_MANY_REQUESTS = { message: 'Too many requests. Please try again later.' };
const RETRY_AFTER = { 'Retry-After': { $ref: '#/components/headers/Retry-After' } };

/** Problems with which Taskward rejects a request before Better Auth sees it. */
const BODY_PROBLEMS = {
  400: 'invalid_json',
  403: 'untrusted_origin',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'validation_failed',
} as const;
const QUERY_PROBLEMS = { 400: 'invalid_parameter' } as const;
const COMMON_PROBLEMS = { 429: 'rate_limited', 503: 'database_unavailable' } as const;

/** Describes an error from Better Auth, from Taskward, or from either. */
function errorResponse(address: string, error?: AuthError, code?: ProblemCode) {
  const refusal = error && `Refused by Better Auth${code ? ', or' : '.'}`;
  const problem = code && `\`${code}\`: ${PROBLEMS[code][1]}.`;
  const schema = { $ref: '#/components/schemas/Problem' };
  return {
    description: [refusal, problem].filter(Boolean).join(' '),
    content: {
      ...(error && { 'application/json': { schema: reference('AuthError'), example: error } }),
      ...(code && {
        'application/problem+json': { schema, example: problemExample(code, address) },
      }),
    },
  };
}

/** Name of the security scheme: the session cookie. */
export const SESSION = 'session';
const REQUIRED = { [SESSION]: [] };
const SECURITY = { unused: [], optional: [{}, REQUIRED], required: [REQUIRED] };

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly pathParameters?: Record<string, Schema>;
  readonly queryParameters?: Record<string, Schema>;
  readonly body?: BodyName;
  /** Whether the session cookie is used; required by default. */
  readonly session?: keyof typeof SECURITY;
  /** Undefined if the route only redirects. */
  readonly response?: ReturnType<typeof json>;
  /** Replaces the 200 when a link in a mail names a page. */
  readonly redirect?: string;
  /** Better Auth's errors by status; a code alone stands for its usual message. */
  readonly errors?: AuthErrors;
}

/** Operations by path and method. */
export type Operations = Readonly<Record<string, Partial<Record<'get' | 'post', Operation>>>>;

/** Describes parameters; those without an `example` are optional. */
const parameters = (location: 'path' | 'query', schemas: Record<string, Schema> = {}) =>
  Object.entries(schemas).map(([name, schema]) => ({
    name,
    in: location,
    required: 'example' in schema,
    schema,
  }));

/** Describes a request body, which is optional if it has no members. */
const requestBodyOf = (name: BodyName) => ({
  required: name !== 'EmptyObject',
  content: { 'application/json': { schema: reference(name) } },
});

/** Describes the error responses of an operation, by status. */
function errorResponsesOf(path: string, { body, queryParameters, errors = {} }: Operation) {
  // Examples show the route pattern: the token in a link is a secret.
  const address = path.replaceAll(/\{(\w+)\}/g, ':$1');
  const codes: Partial<Record<string, ProblemCode>> = {
    ...(body && BODY_PROBLEMS),
    ...(queryParameters && QUERY_PROBLEMS),
  };
  const statuses = new Set([...Object.keys(codes), ...Object.keys(errors)]);
  const own = [...statuses].sort().map((status) => {
    const error = errors[Number(status) as keyof AuthErrors];
    const example = typeof error === 'string' ? { code: error, message: MESSAGES[error] } : error;
    return [status, errorResponse(address, example, codes[status])];
  });
  return {
    ...(Object.fromEntries(own) as object),
    429: {
      ...errorResponse(address, TOO_MANY_REQUESTS, COMMON_PROBLEMS[429]),
      headers: RETRY_AFTER,
    },
    503: { ...errorResponse(address, undefined, COMMON_PROBLEMS[503]), headers: RETRY_AFTER },
  };
}

function describe(address: string, operation: Operation) {
  const {
    pathParameters,
    queryParameters,
    body,
    response,
    redirect,
    errors: _,
    session = 'required',
    ...texts
  } = operation;
  const allParameters = [
    ...parameters('path', pathParameters),
    ...parameters('query', queryParameters),
  ];
  return {
    tags: ['Accounts'],
    ...texts,
    ...(allParameters.length > 0 && { parameters: allParameters }),
    ...(body && { requestBody: requestBodyOf(body) }),
    security: SECURITY[session],
    responses: {
      ...(response && { 200: response }),
      ...(redirect !== undefined && { 302: { description: redirect } }),
      ...errorResponsesOf(address, operation),
    },
  };
}

/** Describes Better Auth's operations, including the problems that Taskward responds with. */
export const pathsOf = (operations: Operations) =>
  Object.fromEntries(
    Object.entries(operations).map(([path, item]) => [
      path,
      Object.fromEntries(
        Object.entries(item).map(([method, operation]) => [method, describe(path, operation)]),
      ),
    ]),
  );
