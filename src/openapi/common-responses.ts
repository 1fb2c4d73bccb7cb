import type {
  HeadersObject,
  OpenAPIObject,
  ResponseObject,
  ResponsesObject,
} from '@nestjs/swagger';
import { type Operation, operationsOf, textHeader } from './operations.js';
import { describeProblems, type ProblemCode, PROBLEMS } from '../problems/index.js';
import { errorsOf, problemExample } from './problem-examples.js';

const PROBLEM = 'application/problem+json';

/** By name, as every answer refers to them. */
const HEADERS = {
  'X-Request-Id': textHeader(
    'The id of the request: the caller’s own `X-Request-Id`, if it is a sane one.',
    '8f14e45f-ceea-467f-9575-3c1b9c9d7f6a',
  ),
  'Cache-Control': textHeader('Kept by nobody but the caller.', 'private, no-store'),
  'WWW-Authenticate': textHeader(
    'Why the token was refused (RFC 6750).',
    'Bearer realm="taskward"',
  ),
  /** Goes by the name that `NAMES` has for it. */
  LackingScope: textHeader(
    'The scope that the token lacks (RFC 6750); absent when the token is not the reason.',
    'Bearer realm="taskward", error="insufficient_scope", scope="tasks:write"',
    false,
  ),
  'Retry-After': textHeader('Seconds to wait.', '2'),
  ETag: textHeader('The version that the task has now, in quotes.', '"2"'),
} satisfies HeadersObject;

type HeaderName = keyof typeof HEADERS;

/** Headers that are described twice: the names under which they are sent. */
const NAMES: Partial<Record<HeaderName, string>> = { LackingScope: 'WWW-Authenticate' };

/** What these answers are for, whoever gives them. */
const BY_STATUS: Readonly<Record<string, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  403: ['LackingScope'],
  409: ['Retry-After'],
  412: ['ETag'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** Statuses of requests that were never read to the end: their address is not known either. */
const UNREAD = ['408', '431'];

/** What the server can answer wherever it is asked, or wherever a token is read. */
const EVERYWHERE: readonly ProblemCode[] = [
  'malformed_request',
  'request_timeout',
  'headers_too_large',
  'internal_error',
];
const UNDER_API: readonly ProblemCode[] = [
  'invalid_header',
  'missing_token',
  'invalid_token',
  'expired_token',
  'session_ended',
  'not_acceptable',
  'rate_limited',
  'too_many_concurrent_requests',
  'database_unavailable',
  'key_set_unavailable',
];

function codesAt(path: string, method: string): ProblemCode[] {
  const api = path.startsWith('/api/v1/');
  const decoded = path.includes('{');
  return [
    ...EVERYWHERE,
    ...(api ? UNDER_API : []),
    ...(api && method !== 'get' ? (['insufficient_scope'] as const) : []),
    ...(decoded ? (['malformed_url'] as const) : []),
  ];
}

function headersAt(path: string, status: string): HeadersObject {
  const names: HeaderName[] = [
    'X-Request-Id',
    ...(path.startsWith('/api/v1/') && !UNREAD.includes(status) ? ['Cache-Control' as const] : []),
    // Only an address that names one task can tell its version: a batch has many.
    ...(BY_STATUS[status] ?? []).filter((name) => name !== 'ETag' || path.includes('{')),
  ];
  return Object.fromEntries(
    names.map((name) => [NAMES[name] ?? name, { $ref: `#/components/headers/${name}` }]),
  );
}

const isOwn = (path: string) => !path.startsWith('/api/auth/');

/** An answer of an operation, and the problems that its status stands for elsewhere, too. */
function merged(own: ResponseObject | undefined, codes: readonly ProblemCode[]): ResponseObject {
  const examples = own?.content?.[PROBLEM]?.examples ?? {};
  const [shared] = describeProblems(codes.filter((code) => !(code in examples)));
  if (shared === undefined) return own ?? { description: '' };
  const { description, content } = shared;
  if (own === undefined) return { description, content };
  const media = content[PROBLEM];
  return {
    ...own,
    description: `${own.description} ${description}`,
    content: { [PROBLEM]: { ...media, examples: { ...examples, ...media.examples } } },
  };
}

/** The answers of one operation, in the order of their statuses. */
function completed(path: string, method: string, responses: ResponsesObject): ResponsesObject {
  const shared = Map.groupBy(codesAt(path, method), (code) => String(PROBLEMS[code][0]));
  const statuses = new Set([...Object.keys(responses), ...shared.keys()]);
  return Object.fromEntries(
    [...statuses].sort().map((status) => {
      const own = responses[status] as ResponseObject | undefined;
      const answer = merged(own, shared.get(status) ?? []);
      const headers = { ...headersAt(path, status), ...answer.headers };
      return [status, { ...answer, headers }];
    }),
  );
}

/** Gives each problem of an operation an example that the operation could respond with. */
function exemplify(path: string, operation: Operation, document: OpenAPIObject): void {
  for (const response of Object.values(operation.responses) as ResponseObject[]) {
    const media = response.content?.[PROBLEM];
    if (media === undefined) continue;
    const codes = Object.keys(media.examples ?? {}) as ProblemCode[];
    media.examples = Object.fromEntries(
      codes.map((code) => {
        const value = problemExample(code, path, errorsOf(code, operation, document));
        return [code, { summary: code, value }];
      }),
    );
  }
}

/**
 * Adds to every operation what no controller needs to say: the problems that each can answer with,
 * and the headers that each answer carries. Better Auth's own operations stay as they are.
 */
export function addSharedAnswers(document: OpenAPIObject): OpenAPIObject {
  for (const [path, operation, method] of operationsOf(document)) {
    if (!isOwn(path)) continue;
    operation.responses = completed(path, method, operation.responses);
    exemplify(path, operation, document);
  }
  const components = { ...document.components, headers: HEADERS };
  return { ...document, components };
}
