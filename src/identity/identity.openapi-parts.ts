import { type BodyName, reference, type Schema, SCHEMAS } from './identity.openapi-schemas.js';

export const json = (schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** A response with a named schema. */
export const respond = (name: keyof typeof SCHEMAS, description: string) =>
  json(reference(name), description);

const FAILURE = respond('AuthError', 'Refused, in the words of Better Auth.');
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
  readonly refused?: readonly (keyof typeof REFUSALS)[];
}

const parameters = (place: 'path' | 'query', schemas: Record<string, Schema> = {}) =>
  Object.entries(schemas).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || name === 'token',
    schema,
  }));

/** The body of a request; without members it can be left out. */
const requestBodyOf = (name: BodyName) => ({
  required: name !== 'EmptyObject',
  content: { 'application/json': { schema: reference(name) } },
});

/** An operation of Better Auth, with the answers that Taskward gives in its place. */
export function operation({ path, query, body, answer, redirect, ...rest }: Operation) {
  const { refused = [], session = 'required', ...texts } = rest;
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
      ...(body && OF_BODIES),
      ...Object.fromEntries(refused.map((status) => [status, REFUSALS[status]])),
      ...OF_ALL,
    },
  };
}
