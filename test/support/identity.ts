import { randomUUID } from 'node:crypto';
import { type ApiResponse, send } from './client.js';

export const PASSWORD = 'correct horse battery';
/** Default secret of `startApp`. */
export const BETTER_AUTH_SECRET = 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA';

/** Dependencies of an issuer that its accounts do not need. */
export const IDLE_PARTS = {
  erasure: { kick: () => undefined },
  guesses: { clear: () => Promise.resolve() },
  hashing: { hash: () => Promise.resolve(''), verify: () => Promise.resolve(false) },
};

export interface Refusal {
  readonly code?: string;
  readonly message?: string;
}

/** Calls a Better Auth route as a page on our own origin does; with a body, by POST. */
export const callAuth = <T = Refusal>(
  url: string,
  path: string,
  json?: unknown,
  cookie = '',
): Promise<ApiResponse<T>> =>
  send<T>(`${url}/api/auth${path}`, {
    method: json === undefined ? 'GET' : 'POST',
    headers: { origin: url, ...(cookie && { cookie }) },
    ...(json !== undefined && { json }),
  });

/** Returns the cookies of a response as the next request sends them. */
export const cookieOf = ({ headers }: { headers: Headers }): string =>
  headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');

export const newAddress = (name = 'ada'): string => `${name}.${randomUUID()}@example.com`;

/** Signs in; returns the cookie of the new session. */
export async function signIn(url: string, email: string, password = PASSWORD): Promise<string> {
  const response = await callAuth(url, '/sign-in/email', { email, password });
  if (response.status !== 200) throw new Error(`sign-in: ${JSON.stringify(response.body)}`);
  return cookieOf(response);
}

/** Returns whether a cookie still belongs to a session. */
export const isSignedIn = async (url: string, cookie: string): Promise<boolean> =>
  (await callAuth<object | null>(url, '/get-session', undefined, cookie)).body !== null;
