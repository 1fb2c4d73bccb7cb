import { conflictOf, ownResponse } from './conflict.js';
import { ProblemError, problemOf, readProblem, SignedOutError } from './errors.js';
import { randomKey } from './random-key.js';
import { readToEnd, type RetryLimits, type Sent, sendWithRetries, settleWithin } from './retry.js';
import type { TokenSource } from './token-source.js';

const KEY_HEADER = 'idempotency-key';

/** Paths of each POST that refuses a key, because its response has a secret. */
const WITHOUT_KEY = ['/api/v1/tokens', '/api/v1/feeds'];

const takesKey = ({ method, url }: Request): boolean =>
  method === 'POST' && !WITHOUT_KEY.some((path) => new URL(url).pathname.endsWith(path));

/**
 * Returns whether a request to the API can be sent twice: the key of a POST, `If-Match`, or what
 * the method means keep it from being carried out twice. A PATCH without a body toggles.
 */
function isRepeatable({ method, headers }: Request): boolean {
  if (method === 'POST') return headers.has(KEY_HEADER);
  return method !== 'PATCH' || headers.has('content-type');
}

/** Dependencies of `AuthorizedFetch`. */
export interface FetchOptions {
  /** Address of the API, with a slash at its end: only requests below it carry a token. */
  readonly apiUrl: string;
  readonly send: typeof fetch;
  readonly limits: RetryLimits;
  /** Returns the source of the present user's token. */
  readonly tokens: () => TokenSource;
}

/** `fetch` for the API: adds the token and keys, retries, and throws every error. */
export class AuthorizedFetch {
  constructor(private readonly options: FetchOptions) {}

  /** @throws TaskwardError, or the reason of the request's aborted signal */
  readonly fetch = async (request: Request): Promise<Response> => {
    const { apiUrl, send, limits } = this.options;
    if (request.url.startsWith(apiUrl)) return this.#fetchFromApi(request);
    const once = { ...limits, ...(request.method !== 'GET' && { maxRetries: 0 }) };
    return assertOk((await sendWithRetries(request, send, once)).response);
  };

  /**
   * Opens a stream of the API: its body is not read. `timeoutMs` limits the wait for its headers.
   *
   * @throws as `fetch`, and TimeoutError
   */
  async openStream(request: Request): Promise<Response> {
    const { send, limits } = this.options;
    const open = async (attempt: Request): Promise<Response> => {
      const response = await send(new Request(attempt));
      return response.ok ? response : readToEnd(response);
    };
    const { response } = await this.#sendAuthorized(request, async (attempt) => ({
      response: await settleWithin(open(attempt), limits.timeoutMs, request.signal),
      isUncertain: false,
    }));
    return assertOk(response);
  }

  async #fetchFromApi(original: Request): Promise<Response> {
    const request = new Request(original, { credentials: 'omit' });
    if (takesKey(request) && !request.headers.has(KEY_HEADER)) {
      request.headers.set(KEY_HEADER, randomKey());
    }
    const { response, isUncertain } = await this.#sendAuthorized(request);
    if (response.status === 412) {
      const read = async (current: Request) => (await this.#send(current)).response;
      const conflict = await conflictOf(request, response, read);
      const own = isUncertain ? ownResponse(conflict) : undefined;
      if (own === undefined) throw conflict;
      return own;
    }
    // The first attempt has deleted it.
    if (response.status === 404 && request.method === 'DELETE' && isUncertain) {
      return new Response(null, { status: 204 });
    }
    return assertOk(response);
  }

  /** Sends a request with a token, and once more with a new one after a 401. */
  async #sendAuthorized(
    request: Request,
    send = (attempt: Request) => this.#send(attempt),
  ): Promise<Sent> {
    const tokens = this.options.tokens();
    const token = await tokens.get();
    request.headers.set('authorization', `Bearer ${token}`);
    const sent = await send(request);
    if (sent.response.status !== 401) return sent;
    const renewed = await tokens.get(token);
    request.headers.set('authorization', `Bearer ${renewed}`);
    const again = renewed === token ? sent : await send(request);
    if (again.response.status !== 401) {
      return { ...again, isUncertain: sent.isUncertain || again.isUncertain };
    }
    const problem = new ProblemError(again.response, await readProblem(again.response));
    throw new SignedOutError('token_refused', problem);
  }

  #send(request: Request): Promise<Sent> {
    const { send, limits } = this.options;
    const own = isRepeatable(request) ? limits : { ...limits, maxRetries: 0 };
    return sendWithRetries(request, send, own);
  }
}

/** @throws ProblemError for an error status */
export async function assertOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw problemOf(response, await readProblem(response));
}
