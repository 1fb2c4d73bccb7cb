import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, logAnswer, type sender } from './auth-events.js';
import type { BetterAuth } from './better-auth.js';

/** Milliseconds that an answer takes at least, as Better Auth's own to a request for a mail. */
const FLOOR = 500;
const SIGN_UP = '/sign-up/email';
const SIGN_IN = '/sign-in/email';
const KEYS = '/jwks';
const REQUEST_RESET = '/request-password-reset';
/** Routes after which nobody is signed in any more. */
const ENDING: ReadonlySet<string> = new Set(['/sign-out', '/revoke-sessions', '/delete-user']);

/**
 * Better Auth says when to try again in a header of its own; HTTP has one for it. And what it
 * answers is for the caller alone, but for the keys.
 */
function withHeaders(path: string, response: Response): Response {
  const seconds = response.headers.get('x-retry-after');
  if (seconds !== null) response.headers.set('retry-after', seconds);
  // A browser may have kept tasks for their ETag; the next one to use it must not find them.
  if (response.ok && ENDING.has(path)) response.headers.set('clear-site-data', '"cache"');
  if (path !== KEYS) response.headers.set('cache-control', 'private, no-store');
  return response;
}

/**
 * Who signed up with an address that is not theirs knows a password for it, if it was unknown
 * before: "not verified" would tell. The owner gets a mail either way.
 */
async function withoutVerification(response: Response): Promise<Response> {
  if ((await codeOf(response)) !== 'EMAIL_NOT_VERIFIED') return response;
  const refusal = { message: 'Invalid email or password', code: 'INVALID_EMAIL_OR_PASSWORD' };
  return new Response(JSON.stringify(refusal), { status: 401, headers: response.headers });
}

/** Of two sign-ups at the same time the second fails, and finds the address taken if it asks again. */
async function askAgain(ask: () => Promise<Response>): Promise<Response> {
  const response = await ask();
  return (await codeOf(response)) === 'FAILED_TO_CREATE_USER' ? ask() : response;
}

/**
 * Has each refusal of a sign-in take the same time. Hashes do not: an older one may be of less work, and
 * an address that nobody has is looked up faster.
 */
export async function levelled(path: string, ask: () => Promise<Response>): Promise<Response> {
  const end = performance.now() + FLOOR;
  const response = await ask();
  const isRefused = path === SIGN_IN && (response.status === 401 || response.status === 403);
  if (isRefused) await sleep(Math.max(0, end - performance.now()));
  return response;
}

/**
 * Better Auth's answer as clients of Taskward get it: neither what it says nor how long it takes
 * tells whether an address is known. The one exception is a sign-up where no mail is sent.
 *
 * @param path the route's pattern.
 */
export async function answer(
  auth: BetterAuth,
  path: string,
  who: ReturnType<typeof sender>,
  ask: () => Promise<Response>,
): Promise<Response> {
  const isQuiet = auth.options.emailAndPassword.requireEmailVerification === true;
  const isLevelled = path === REQUEST_RESET || (path === SIGN_UP && isQuiet);
  const asked = path === SIGN_UP ? askAgain(ask) : ask();
  const [response] = await Promise.all([asked, isLevelled && sleep(FLOOR)]);
  await logAnswer(path, response, who);
  return withHeaders(path, path === SIGN_IN ? await withoutVerification(response) : response);
}
