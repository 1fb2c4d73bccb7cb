import { assertOk } from './authorized-fetch.js';
import { type RetryLimits, sendWithRetries } from './retry.js';
import type { GetToken } from './token-source.js';

/** Returns a source of one token that does not change: a personal token, which no session renews. */
export const personalToken =
  (token: string): GetToken =>
  () =>
    Promise.resolve(token);

/** An account, and where it is. */
export interface Credentials {
  /** Origin of Taskward, such as `https://tasks.example.org`. */
  readonly baseUrl: string;
  readonly email: string;
  readonly password: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** A session that a password opens. */
export interface PasswordSession {
  /** Signs in at the first call, and again when the session has ended. */
  readonly getToken: GetToken;
  /** Ends the session: its tokens stop working at once. */
  readonly signOut: () => Promise<void>;
}

const LIMITS: RetryLimits = { maxRetries: 3, maxRetryAfterMs: 10_000, timeoutMs: 20_000 };
/** A second attempt would count as a second guess. */
const ONCE: RetryLimits = { ...LIMITS, maxRetries: 0 };

/**
 * Opens a session of the embedded issuer with a password. Outside of browsers, whose own cookies do the same,
 * the cookie of the session is kept in memory.
 */
export function passwordSession(credentials: Credentials): PasswordSession {
  const { baseUrl, email, password } = credentials;
  const send = credentials.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args));
  let cookie: string | undefined;
  const call = async (path: string, body?: object) => {
    const request = new Request(new URL(`/api/auth${path}`, baseUrl), {
      credentials: 'include',
      // Browsers ignore it.
      headers: { ...(cookie && { cookie }), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return (await sendWithRetries(request, send, body ? ONCE : LIMITS)).response;
  };
  const signIn = async () => {
    cookie = undefined;
    const { headers } = await assertOk(await call('/sign-in/email', { email, password }));
    cookie = headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
  };
  return {
    getToken: async () => {
      if (cookie === undefined) await signIn();
      let response = await call('/token');
      if (response.status === 401) {
        await signIn();
        response = await call('/token');
      }
      const { token } = (await (await assertOk(response)).json()) as { token: string };
      return token;
    },
    signOut: async () => {
      if (cookie === undefined) return;
      await assertOk(await call('/sign-out', {}));
      cookie = undefined;
    },
  };
}
