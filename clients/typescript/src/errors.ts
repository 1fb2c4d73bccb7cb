import type { components, ProblemCode } from './schema.js';

type Problem = components['schemas']['Problem'];
type Task = components['schemas']['Task'];
type TaskList = components['schemas']['TaskList'];

/** Base class of every error that this client throws, apart from the reason of an aborted signal. */
export class TaskwardError extends Error {
  override readonly name: string = 'TaskwardError';
}

/**
 * No response arrived: the network or the server is down, or `timeoutMs` has passed. `cause` is the
 * error of `fetch`. The request may have been carried out, unless it only reads.
 */
export class NetworkError extends TaskwardError {
  override readonly name = 'NetworkError';
}

/**
 * The user is not signed in, or no longer; a database that is down is a `ProblemError` instead.
 *
 * - `signed_out`: there is no session to fetch a token from.
 * - `other_user`: someone else has signed in since; the request was not sent for them.
 * - `token_refused`: a token that was just fetched got a 401, which `problem` describes.
 */
export class SignedOutError extends TaskwardError {
  override readonly name = 'SignedOutError';

  constructor(
    readonly reason: 'signed_out' | 'other_user' | 'token_refused',
    readonly problem?: ProblemError,
  ) {
    super(problem?.message ?? `Not signed in: ${reason}`);
  }
}

/** A response with an error status: a problem (RFC 9457), or as much of one as the body contains. */
export class ProblemError extends TaskwardError {
  override readonly name: string = 'ProblemError';
  /** HTTP status. */
  readonly status: number;
  /**
   * Stable code to switch on: one of docs/errors.md, a code of Better Auth below `/api/auth`, or
   * `http_<status>` if the response is not of Taskward. Expect unknown ones.
   */
  readonly code: ProblemCode | (string & {});
  /** One entry for each broken rule, with a JSON pointer, parameter or header. */
  readonly errors: NonNullable<Problem['errors']>;
  /** `X-Request-Id` of the response, by which the log finds it. */
  readonly requestId: string | undefined;
  /** Seconds of `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor({ status, headers }: Response, body: Partial<Problem> & { message?: string }) {
    super(body.detail ?? body.message ?? body.title ?? `HTTP status ${String(status)}`);
    this.status = status;
    this.code = body.code ?? `http_${String(status)}`;
    this.errors = body.errors ?? [];
    this.requestId = headers.get('x-request-id') ?? undefined;
    this.retryAfterSeconds = retryAfterSeconds(headers);
  }
}

/**
 * A 412: the task is not the version that `If-Match` named. Carries both versions, for the user to
 * choose from.
 */
export class ConflictError extends ProblemError {
  override readonly name = 'ConflictError';

  /**
   * @param wanted the body of the refused request (of a batch: its operation), `undefined` without
   *   one
   * @param current the task as it is now; `null` if it is in the trash or permanently deleted
   */
  constructor(
    response: Response,
    body: Partial<Problem>,
    readonly wanted: unknown,
    readonly current: Task | null,
  ) {
    super(response, body);
  }
}

/** A 412 of a list, with both versions. */
export class ListConflictError extends ProblemError {
  override readonly name = 'ListConflictError';

  /**
   * @param wanted the body of the refused request, `undefined` without one
   * @param current the list as it is now; `null` if it is in the trash or permanently deleted
   */
  constructor(
    response: Response,
    body: Partial<Problem>,
    readonly wanted: unknown,
    readonly current: TaskList | null,
  ) {
    super(response, body);
  }
}

/**
 * A 410: entries of the change log after the token are purged. Begin again with a full read, as `sync()`
 * does.
 */
export class ChangeTokenExpiredError extends ProblemError {
  override readonly name = 'ChangeTokenExpiredError';
}

/** Returns the error of a response with an error status. */
export function problemOf(response: Response, body: Partial<Problem>): ProblemError {
  const isExpired = body.code === 'change_token_expired';
  return new (isExpired ? ChangeTokenExpiredError : ProblemError)(response, body);
}

/** Returns the body of an error response; empty if it is not a JSON object. */
export async function readProblem(response: Response): Promise<Partial<Problem>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

/** Returns the seconds of `Retry-After`, which may be a date (RFC 9110, section 10.2.3). */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
