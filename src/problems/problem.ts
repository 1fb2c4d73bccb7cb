/** Error codes of the API, with status and title. `docs/errors.md` explains each. */
export const PROBLEMS = {
  malformed_request: [400, 'The request is not valid HTTP'],
  malformed_url: [400, 'The path cannot be decoded'],
  invalid_json: [400, 'The body is not valid JSON'],
  invalid_parameter: [400, 'A query parameter is invalid'],
  invalid_header: [400, 'A header is invalid'],
  invalid_id: [400, 'The id is not a UUID'],
  invalid_cursor: [400, 'The cursor does not belong to this list'],
  missing_token: [401, 'A bearer token is required'],
  invalid_token: [401, 'The bearer token is invalid'],
  expired_token: [401, 'The bearer token has expired'],
  session_ended: [401, 'The session of the bearer token has ended'],
  insufficient_scope: [403, 'The scope of the bearer token does not allow this'],
  untrusted_origin: [403, 'The origin of the request is not trusted'],
  quota_exceeded: [403, 'Your quota is exceeded'],
  task_not_found: [404, 'The task was not found'],
  list_not_found: [404, 'The list was not found'],
  token_not_found: [404, 'The personal token was not found'],
  feed_not_found: [404, 'The calendar feed was not found'],
  route_not_found: [404, 'There is nothing at this path'],
  method_not_allowed: [405, 'The method is not allowed for this path'],
  not_acceptable: [406, 'No acceptable representation: responses are JSON'],
  redirect_refused: [400, 'The redirect target is not trusted'],
  request_timeout: [408, 'The request took too long to arrive'],
  request_in_progress: [409, 'A request with this key is still in progress'],
  parent_in_trash: [409, 'The list or parent of the task is in the trash'],
  series_ended: [409, 'The series of the task has ended'],
  change_token_expired: [410, 'The changes after the token are no longer kept'],
  precondition_failed: [412, 'It has changed since it was read'],
  payload_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The media type of the body is not supported'],
  validation_failed: [422, 'The body is invalid'],
  idempotency_key_reused: [422, 'The key was used for another request'],
  precondition_required: [428, 'An If-Match header is required'],
  rate_limited: [429, 'Too many requests'],
  too_many_concurrent_requests: [429, 'Too many concurrent requests'],
  headers_too_large: [431, 'The headers are too large'],
  internal_error: [500, 'An unexpected error occurred'],
  database_unavailable: [503, 'The database is unavailable'],
  key_set_unavailable: [503, 'The keys that verify tokens are unavailable'],
  server_busy: [503, 'The server is busy'],
  instance_unavailable: [503, 'The instance is unavailable'],
  not_ready: [503, 'Not ready to serve requests'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One broken rule: its location (one of the first three) and a description. */
export interface ProblemError {
  /** JSON pointer into the body (RFC 6901); the empty string is the whole body. */
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  /** Line of a file, or the number of an element in it. */
  readonly line?: number;
  readonly code: string;
  readonly detail: string;
}

interface ProblemOptions {
  readonly errors?: readonly ProblemError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * An error that is reported to the caller.
 *
 * @example throw new Problem('task_not_found', 'There is no task with this id.');
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly errors: readonly ProblemError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    { errors = [], headers = {}, cause }: ProblemOptions = {},
  ) {
    super(detail, { cause });
    this.status = PROBLEMS[code][0];
    this.errors = errors;
    this.headers = this.status === 503 ? { 'retry-after': '2', ...headers } : headers;
  }

  /** Returns the RFC 9457 body, with the extension members `code`, `requestId` and `errors`. */
  body(instance: string, requestId: string) {
    return {
      type: `urn:taskward:problem:${this.code}`,
      title: PROBLEMS[this.code][1],
      status: this.status,
      detail: this.detail,
      instance,
      code: this.code,
      requestId,
      ...(this.errors.length > 0 && { errors: this.errors }),
    };
  }
}

/** Media type of every error. */
export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';
