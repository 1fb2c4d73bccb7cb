import type {
  HeadersObject,
  OpenAPIObject,
  ResponseObject,
  ResponsesObject,
} from '@nestjs/swagger';
import { type Operation, operationsOf, stringHeader } from './operations.js';
import { describeProblems, type ProblemCode, PROBLEMS } from '../problems/index.js';
import { exampleErrors, problemExample } from './problem-examples.js';

const PROBLEM = 'application/problem+json';

/** Response headers, by the names that responses refer to them by. */
const HEADERS = {
  'X-Request-Id': stringHeader(
    'The id of the request: that of the caller, if it sent a valid `X-Request-Id`.',
    '8f14e45f-ceea-467f-9575-3c1b9c9d7f6a',
  ),
  'Cache-Control': stringHeader('Forbids caching.', 'private, no-store'),
  'WWW-Authenticate': stringHeader('Reason for the refusal (RFC 6750).', 'Bearer realm="taskward"'),
  /** A second description of `WWW-Authenticate`; see `HEADER_NAMES`. */
  LackingScope: stringHeader(
    'The scope that the token lacks (RFC 6750); absent if the token is not the reason.',
    'Bearer realm="taskward", error="insufficient_scope", scope="tasks:write"',
    false,
  ),
  'Retry-After': stringHeader('Seconds to wait before retrying.', '2'),
  /** A second description of `Retry-After`. */
  RetryInProgress: stringHeader(
    'Seconds to wait before retrying; absent if waiting alone does not help.',
    '1',
    false,
  ),
  ETag: stringHeader('The current version of the resource, in quotes.', '"2"'),
} satisfies HeadersObject;

type HeaderName = keyof typeof HEADERS;

/** Names under which headers with a second description are sent. */
const HEADER_NAMES: Partial<Record<HeaderName, string>> = {
  LackingScope: 'WWW-Authenticate',
  RetryInProgress: 'Retry-After',
};

/** Headers by status, whichever operation responds. */
const HEADERS_BY_STATUS: Readonly<Record<string, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  403: ['LackingScope'],
  409: ['RetryInProgress'],
  412: ['ETag'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** Statuses of requests that were never read completely: their path is unknown. */
const UNREAD_STATUSES = ['408', '431'];

/**
 * Problems that any operation can respond with, and those of every operation that reads a token.
 */
const COMMON_CODES: readonly ProblemCode[] = [
  'malformed_request',
  'request_timeout',
  'headers_too_large',
  'internal_error',
];
const API_CODES: readonly ProblemCode[] = [
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
  // A proxy's own: docker/nginx.conf.
  'instance_unavailable',
];

function codesAt(path: string, method: string): ProblemCode[] {
  const api = path.startsWith('/api/v1/');
  const decoded = path.includes('{');
  return [
    ...COMMON_CODES,
    ...(api ? API_CODES : []),
    ...(api && method !== 'get' ? (['insufficient_scope'] as const) : []),
    ...(decoded ? (['malformed_url'] as const) : []),
  ];
}

function headersAt(path: string, status: string): HeadersObject {
  const names: HeaderName[] = [
    'X-Request-Id',
    ...(path.startsWith('/api/v1/') && !UNREAD_STATUSES.includes(status)
      ? ['Cache-Control' as const]
      : []),
    // A batch concerns several tasks, so it has no single version to report.
    ...(HEADERS_BY_STATUS[status] ?? []).filter((name) => name !== 'ETag' || path.includes('{')),
  ];
  return Object.fromEntries(
    names.map((name) => [HEADER_NAMES[name] ?? name, { $ref: `#/components/headers/${name}` }]),
  );
}

const isTaskwardPath = (path: string) => !path.startsWith('/api/auth/');

/** Merges the problems that every operation responds with into one of its own responses. */
function mergeResponse(
  own: ResponseObject | undefined,
  codes: readonly ProblemCode[],
): ResponseObject {
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

/** Returns all responses of an operation, ordered by status. */
function completeResponses(
  path: string,
  method: string,
  responses: ResponsesObject,
): ResponsesObject {
  const shared = Map.groupBy(codesAt(path, method), (code) => String(PROBLEMS[code][0]));
  const statuses = new Set([...Object.keys(responses), ...shared.keys()]);
  return Object.fromEntries(
    [...statuses].sort().map((status) => {
      const own = responses[status] as ResponseObject | undefined;
      const response = mergeResponse(own, shared.get(status) ?? []);
      const headers = { ...headersAt(path, status), ...response.headers };
      return [status, { ...response, headers }];
    }),
  );
}

/** Adds an example to each problem that fits the operation. */
function addExamples(path: string, operation: Operation, document: OpenAPIObject): void {
  for (const response of Object.values(operation.responses) as ResponseObject[]) {
    const media = response.content?.[PROBLEM];
    if (media === undefined) continue;
    const codes = Object.keys(media.examples ?? {}) as ProblemCode[];
    media.examples = Object.fromEntries(
      codes.map((code) => {
        const value = problemExample(code, path, exampleErrors(code, operation, document));
        return [code, { summary: code, value }];
      }),
    );
  }
}

/**
 * Adds the problems and headers that controllers need not declare. Better Auth's own operations are
 * left unchanged.
 */
export function addCommonResponses(document: OpenAPIObject): OpenAPIObject {
  for (const [path, operation, method] of operationsOf(document)) {
    if (!isTaskwardPath(path)) continue;
    operation.responses = completeResponses(path, method, operation.responses);
    addExamples(path, operation, document);
  }
  const components = { ...document.components, headers: HEADERS };
  return { ...document, components };
}
