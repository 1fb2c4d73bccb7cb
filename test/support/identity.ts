import { randomUUID } from 'node:crypto';
import { type Answer, send } from './client.js';

export const PASSWORD = 'correct horse battery';
/** What `startApp` runs with unless it is told otherwise. */
export const BETTER_AUTH_SECRET = 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA';

/** Parts of an issuer that none of its accounts needs. */
export const IDLE_PARTS = {
  erasure: { kick: () => undefined },
  guesses: { clear: () => Promise.resolve() },
  hashing: { hash: () => Promise.resolve(''), verify: () => Promise.resolve(false) },
};

export interface Refusal {
  readonly code?: string;
  readonly message?: string;
}

/** Calls a route of Better Auth as a page of our own origin does: with a body by POST. */
export const callAuth = <T = Refusal>(
  url: string,
  path: string,
  json?: unknown,
  cookie = '',
): Promise<Answer<T>> =>
  send<T>(`${url}/api/auth${path}`, {
    method: json === undefined ? 'GET' : 'POST',
    headers: { origin: url, ...(cookie && { cookie }) },
    ...(json !== undefined && { json }),
  });

/** The cookies of an answer, as the next request sends them. */
export const cookieOf = ({ headers }: { headers: Headers }): string =>
  headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');

export const newAddress = (name = 'ada'): string => `${name}.${randomUUID()}@example.com`;

/** Signs in, and answers with the cookie of the new session. */
export async function signIn(url: string, email: string, password = PASSWORD): Promise<string> {
  const answer = await callAuth(url, '/sign-in/email', { email, password });
  if (answer.status !== 200) throw new Error(`sign-in: ${JSON.stringify(answer.body)}`);
  return cookieOf(answer);
}

/** Whether a cookie still stands for a session. */
export const isSignedIn = async (url: string, cookie: string): Promise<boolean> =>
  (await callAuth<object | null>(url, '/get-session', undefined, cookie)).body !== null;
