import { NetworkError, retryAfterSeconds } from './errors.js';

/** Limits of retries. */
export interface RetryLimits {
  /** Maximum number of times that a request is sent again; 0 for never. Default: 3. */
  readonly maxRetries: number;
  /** Maximum wait that `Retry-After` may ask for; a longer one is left to the caller. Default: 10 s. */
  readonly maxRetryAfterMs: number;
  /** Milliseconds to wait for each response. Default: 20 s. */
  readonly timeoutMs: number;
}

const FIRST_DELAY_MS = 300;
const MAX_DELAY_MS = 30_000;

/** Statuses after which a request is sent again if `Retry-After` says when. */
const LATER = new Set([409, 429, 503]);
/** Statuses of a gateway whose server is down: `Retry-After` is rarely there. */
const GATEWAY = new Set([502, 503, 504]);

/** A response, and whether an earlier attempt may have been carried out without one. */
export interface Sent {
  readonly response: Response;
  readonly isUncertain: boolean;
}

/** Returns the delay before the retry `attempt` (1, 2, …), in ms: 300, 900, 2,700, … 30,000, ±25 %. */
export function backoffMs(attempt: number): number {
  const jitter = 0.75 + Math.random() / 2;
  return Math.min(FIRST_DELAY_MS * 3 ** (attempt - 1), MAX_DELAY_MS) * jitter;
}

/** Waits, and rejects with the signal's reason when it is aborted. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}

/** Returns the milliseconds after which to retry; `undefined` if the response is final. */
function waitAfter({ status, headers }: Response, attempt: number, limits: RetryLimits) {
  const seconds = retryAfterSeconds(headers);
  if (seconds === undefined) return GATEWAY.has(status) ? backoffMs(attempt) : undefined;
  const ms = seconds * 1000;
  return LATER.has(status) && ms <= limits.maxRetryAfterMs ? ms : undefined;
}

/** Reads the body of a response to the end. */
export async function readToEnd(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  return new Response(body.byteLength === 0 ? null : body, response);
}

/** Sends a request once, and reads its response to the end. */
async function sendOnce(request: Request, send: typeof fetch, timeoutMs: number) {
  request.signal.throwIfAborted();
  const controller = new AbortController();
  const { signal } = controller;
  const read = async () => readToEnd(await send(new Request(request.clone(), { signal })));
  try {
    return await settleWithin(read(), timeoutMs, request.signal);
  } catch (error) {
    controller.abort(error);
    throw error;
  }
}

/**
 * Rejects with a `TimeoutError` after `timeoutMs`, or with the signal's reason when it is aborted.
 *
 * The wait ends by its own timer, whatever becomes of the signal that `work` is given: a `fetch` may
 * ignore it, and Node may collect one that only a pending request refers to, which then never fires.
 * https://github.com/nodejs/node/issues/57736
 */
export function settleWithin<T>(
  work: Promise<T>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle =
      <V>(callback: (value: V) => void) =>
      (value: V) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        callback(value);
      };
    const fail = settle(reject);
    const abort = () => {
      fail(signal.reason);
    };
    const timer = setTimeout(() => {
      fail(new DOMException(`No response in ${String(timeoutMs)} ms`, 'TimeoutError'));
    }, timeoutMs);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    work.then(settle(resolve), fail);
  });
}

/**
 * Sends a request, and again after a network failure, or when the server asks for a retry.
 * The caller makes sure that sending it twice does no harm.
 *
 * @throws NetworkError, or the reason of the request's aborted signal
 */
export async function sendWithRetries(
  request: Request,
  send: typeof fetch,
  limits: RetryLimits,
): Promise<Sent> {
  const { signal } = request;
  let isUncertain = false;
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt > limits.maxRetries;
    let waitMs: number | undefined;
    try {
      const response = await sendOnce(request, send, limits.timeoutMs);
      waitMs = isLast ? undefined : waitAfter(response, attempt, limits);
      if (waitMs === undefined) return { response, isUncertain };
      isUncertain ||= GATEWAY.has(response.status);
    } catch (error) {
      signal.throwIfAborted();
      if (isLast) throw new NetworkError('No response', { cause: error });
      waitMs = backoffMs(attempt);
      isUncertain = true;
    }
    await delay(waitMs, signal);
  }
}
