import { NetworkError, ProblemError } from '@taskward/client';
import { sessions } from '../auth/session-store';

/** A request that may take minutes: without the timeout and the retries of the client. */
export interface LongRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob;
  /** Called with the bytes sent so far. */
  readonly onSent?: (bytes: number) => void;
  /** Called with the bytes received so far. */
  readonly onReceived?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

const problemOf = (response: Response, body: unknown) =>
  new ProblemError(response, typeof body === 'object' && body !== null ? body : {});

/** Sends a request once. `fetch` would not report how much of a body has been sent. */
function sendOnce(request: LongRequest, token: string): Promise<Response> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    const settle = (callback: () => void) => () => {
      signal?.removeEventListener('abort', abort);
      callback();
    };
    xhr.open(request.method, request.path);
    xhr.responseType = 'blob';
    xhr.setRequestHeader('authorization', `Bearer ${token}`);
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      xhr.setRequestHeader(name, value);
    }
    xhr.upload.onprogress = ({ loaded }) => request.onSent?.(loaded);
    xhr.onprogress = ({ loaded }) => request.onReceived?.(loaded);
    xhr.onload = settle(() => {
      const type = xhr.getResponseHeader('content-type') ?? '';
      resolve(
        new Response(xhr.response as Blob, {
          status: xhr.status,
          headers: { 'content-type': type },
        }),
      );
    });
    // Also of a response that ends early.
    xhr.onerror = settle(() => reject(new NetworkError('No response')));
    xhr.onabort = settle(() => reject(signal?.reason as Error));
    signal?.addEventListener('abort', abort);
    xhr.send(request.body ?? null);
  });
}

/**
 * Sends a request as a user; after a 401 once more, as soon as that user has signed in again.
 *
 * @throws ProblemError, NetworkError, SignedOutError, or the reason of the aborted signal
 */
export async function sendRequest(userId: string, request: LongRequest): Promise<Blob> {
  const send = async () => {
    const token = await sessions.fetchToken(userId);
    request.signal?.throwIfAborted();
    return sendOnce(request, token);
  };
  let response = await send();
  if (response.status === 401) response = await send();
  if (response.ok) return response.blob();
  const body: unknown = await response.json().catch(() => undefined);
  throw problemOf(response, body);
}
