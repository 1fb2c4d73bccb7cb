import createOpenapiClient, { type FetchResponse, type MaybeOptionalInit } from 'openapi-fetch';
import { assertOk, AuthorizedFetch } from './authorized-fetch.js';
import type { Change } from './changes.js';
import type { HttpMethod, MediaType, PathsWithMethod, RequiredKeysOf } from './operation-types.js';
import { type Get, type PagedPath, type PageOf, type QueryOf, readPages } from './pages.js';
import { type RetryLimits, sendWithRetries } from './retry.js';
import type { paths } from './schema.js';
import type { Store } from './store.js';
import { type GetToken, TokenSource } from './token-source.js';
import { type FollowOptions, type SyncOptions, UserData } from './user-data.js';

/** Options of a client. */
export interface ClientOptions extends Partial<RetryLimits> {
  /** Origin of Taskward, such as `https://tasks.example.org`. */
  readonly baseUrl: string;
  /**
   * Fetches a new token; `null` if nobody is signed in. Default: that of the session cookie, from
   * `/api/auth/token`. The token stays in memory.
   */
  readonly getToken?: GetToken;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** A response whose status is not an error: errors are thrown. */
type Succeeded<Result> = Extract<Result, { data: unknown }>;

/** Parameters and body; they can be left out if none is required. */
type InitParameter<Init> = RequiredKeysOf<Init> extends never ? [Init?] : [Init];

type OperationOf<Path extends keyof paths, Name extends HttpMethod> = Extract<
  paths[Path][Name],
  Record<string, unknown>
>;

type Method<Name extends HttpMethod> = <
  Path extends PathsWithMethod<paths, Name>,
  Init extends MaybeOptionalInit<paths[Path], Name>,
>(
  path: Path,
  ...init: InitParameter<Init>
) => Promise<Succeeded<FetchResponse<OperationOf<Path, Name>, Init, MediaType>>>;

/**
 * A client of Taskward: openapi-fetch, whose methods resolve to `{ data, response }` and reject with a
 * `TaskwardError`. The reason of an aborted `signal` is passed on as it is.
 */
export interface TaskwardClient {
  readonly GET: Method<'get'>;
  readonly POST: Method<'post'>;
  readonly PUT: Method<'put'>;
  readonly PATCH: Method<'patch'>;
  readonly DELETE: Method<'delete'>;
  /**
   * Reads a list page by page, from `query.cursor` on:
   * `for await (const { data } of client.pages('/api/v1/tasks', { completed: false })) …`
   */
  readonly pages: <Path extends PagedPath>(
    path: Path,
    query?: QueryOf<Path>,
    init?: { readonly signal?: AbortSignal },
  ) => AsyncGenerator<PageOf<Path>, void, undefined>;
  readonly changes: {
    /**
     * Yields each change of the user's tasks and lists, once and in order:
     * `for await (const change of client.changes.follow({ since, signal })) …`
     *
     * Keep `change.token` when the change has been processed, and pass it as `since` next time. A caller
     * that has no token yet gets one from `GET /api/v1/changes` (`nextToken`), before it reads the state
     * that the changes are to be applied to; `sync()` does all of this.
     *
     * Follows a stream, which is opened again after interruptions; where streams are refused or
     * buffered, polls, and tries the stream again later. It ends with an error alone:
     * `ChangeTokenExpiredError` if changes after `since` have been purged, so that the caller has to read
     * everything anew; `SignedOutError` when the session ends or the token is forgotten; another
     * `ProblemError` if the request is refused (4xx); the reason of the aborted `signal`. Failures of
     * the network, the server or `getToken` are waited for.
     */
    readonly follow: (options?: FollowOptions) => AsyncGenerator<Change, void, undefined>;
  };
  /**
   * Keeps a local copy of all tasks and lists: a full read if the store has no token, and then all
   * changes; a full read again if the token has expired. Rejects as `changes.follow()` does otherwise,
   * and with the errors of the store; never resolves.
   */
  readonly sync: (store: Store, options?: SyncOptions) => Promise<never>;
  /**
   * Forgets the token: at a sign-out, and before another user signs in. Until then the client serves
   * the user of its first token alone. Calls in progress that need a token are rejected with
   * `SignedOutError`, and so are those that follow changes.
   */
  readonly forgetToken: () => void;
}

const DEFAULTS: RetryLimits = { maxRetries: 3, maxRetryAfterMs: 10_000, timeoutMs: 20_000 };

/** Fetches the token of the session whose cookie the browser sends. */
function sessionToken(baseUrl: string, send: typeof fetch, limits: RetryLimits): GetToken {
  const url = new URL('/api/auth/token', baseUrl).href;
  return async () => {
    const request = new Request(url, { credentials: 'include' });
    const { response } = await sendWithRetries(request, send, limits);
    if (response.status === 401) return null;
    const { token } = (await (await assertOk(response)).json()) as { token: string };
    return token;
  };
}

/**
 * Creates a client.
 *
 * - One token serves any number of parallel calls; it is renewed before it expires, and after a 401
 *   the request is sent once more with a new one.
 * - A POST carries an `Idempotency-Key`. Requests to the API are sent again, up to `maxRetries`
 *   times, after a network failure or when the server asks for it with `Retry-After`; nothing is
 *   done twice. Of other requests, only a GET is.
 * - Every error is thrown: see `ProblemError`, `ConflictError`, `SignedOutError`, `NetworkError`.
 */
export function createClient(options: ClientOptions): TaskwardClient {
  // Called without `this`, which a browser's `fetch` refuses to be called with.
  const { baseUrl, fetch: send = (...args: Parameters<typeof fetch>) => fetch(...args) } = options;
  const { maxRetries, maxRetryAfterMs, timeoutMs } = { ...DEFAULTS, ...options };
  const limits = { maxRetries, maxRetryAfterMs, timeoutMs };
  const getToken = options.getToken ?? sessionToken(baseUrl, send, limits);
  let tokens = new TokenSource(getToken);
  const connect = (source: () => TokenSource) => {
    const apiUrl = new URL('/api/v1/', baseUrl).href;
    const authorized = new AuthorizedFetch({ apiUrl, send, limits, tokens: source });
    const { fetch: authorizedFetch } = authorized;
    const init = { baseUrl, credentials: 'include', fetch: authorizedFetch } as const;
    return { authorized, client: createOpenapiClient<paths>(init) };
  };
  /** The present user's data, and never that of one who signs in later. */
  const dataOf = (source: TokenSource) => {
    const { authorized, client } = connect(() => source);
    return new UserData(baseUrl, authorized, client.GET as Get, source.closed);
  };
  const { client } = connect(() => tokens);
  return {
    ...(client as Pick<TaskwardClient, 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>),
    pages: (path, query, init) => readPages(client.GET as Get, path, query, init),
    changes: { follow: (followOptions = {}) => dataOf(tokens).follow(followOptions) },
    sync: (store, syncOptions = {}) => dataOf(tokens).sync(store, syncOptions),
    forgetToken: () => {
      tokens.close();
      tokens = new TokenSource(getToken);
    },
  };
}

/** Returns the precondition that a task, or another resource with a version, has not changed. */
export const ifMatch = ({ version }: { readonly version: number }): { 'If-Match': string } => ({
  'If-Match': `"${String(version)}"`,
});
