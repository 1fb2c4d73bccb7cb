import { setTimeout as delay } from 'node:timers/promises';
import { callAuth, signIn } from './identity.js';

/** Response to an empty task with a valid token, which needs no database. */
export const GOOD = '422 validation_failed';
export const ENDED = '401 session_ended';
export const UNKNOWN = '503 database_unavailable';

/** Milliseconds between two probes: what they wait for takes seconds. */
const POLL_MS = 25;

/** Returns status and code of a request that needs no database. */
export async function probe(url: string, token: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/tasks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const { code } = (await response.json()) as { code: string };
  return `${String(response.status)} ${code}`;
}

/** Polls until this response arrives; returns the milliseconds and all other responses. */
export async function until(
  expected: string,
  url: string,
  token: string,
  timeoutMs = 15_000,
): Promise<{ ms: number; before: string[] }> {
  const start = performance.now();
  const before = new Set<string>();
  for (;;) {
    const response = await probe(url, token);
    const ms = performance.now() - start;
    if (response === expected) return { ms, before: [...before] };
    before.add(response);
    if (ms > timeoutMs) throw new Error(`not ${expected} in ${String(ms)} ms: ${response}`);
    await delay(POLL_MS);
  }
}

/** A session and one of its tokens. */
export interface TestSession {
  readonly cookie: string;
  readonly token: string;
}

/** Signs a user in again. */
export async function newSession(url: string, email: string): Promise<TestSession> {
  const cookie = await signIn(url, email);
  return { cookie, token: await newToken(url, cookie) };
}

export async function newToken(url: string, cookie: string): Promise<string> {
  const { body } = await callAuth<{ token: string }>(url, '/token', undefined, cookie);
  return body.token;
}

export const signOut = (url: string, { cookie }: TestSession) =>
  callAuth(url, '/sign-out', {}, cookie);
