import { setTimeout as sleep } from 'node:timers/promises';
import { type callerOf, errorCodeOf, logResponse } from './auth-events.js';
import type { BetterAuth } from './better-auth.js';

/** Minimum response time. Better Auth's own for password reset requests is the same. */
const MIN_RESPONSE_MS = 500;
const SIGN_UP = '/sign-up/email';
const SIGN_IN = '/sign-in/email';
const KEYS = '/jwks';
const REQUEST_RESET = '/request-password-reset';
/** Routes that end the session of the caller. */
const SIGN_OUT_ROUTES: ReadonlySet<string> = new Set([
  '/sign-out',
  '/revoke-sessions',
  '/delete-user',
]);

/** Routes that may remove the session's cookie; `/revoke-session` does so for the caller's own. */
const REMOVING_ROUTES: ReadonlySet<string> = new Set([...SIGN_OUT_ROUTES, '/revoke-session']);

/**
 * Leaves the browser its cookies, unless the request has ended its session or begun another. Better Auth
 * removes the cookie of an ended session on every route; by the time of the response the browser may
 * have the cookie of its next session.
 */
function keepCookies(path: string, { ok, headers }: Response): void {
  const beginsSession = headers.getSetCookie().some((cookie) => !/; Max-Age=0(;|$)/.test(cookie));
  if (!beginsSession && !(ok && REMOVING_ROUTES.has(path))) headers.delete('set-cookie');
}

/**
 * Adds the standard `Retry-After` to Better Auth's own header, forbids shared caching of
 * everything but the public keys, and leaves the browser its cookies.
 */
function withHeaders(path: string, response: Response): Response {
  const seconds = response.headers.get('x-retry-after');
  if (seconds !== null) response.headers.set('retry-after', seconds);
  // The browser may have cached tasks with their ETag; its next user must not see them.
  if (response.ok && SIGN_OUT_ROUTES.has(path)) response.headers.set('clear-site-data', '"cache"');
  if (path !== KEYS) response.headers.set('cache-control', 'private, no-store');
  keepCookies(path, response);
  return response;
}

/**
 * Reports "not verified" as a wrong password. Someone who signed up with another person's address
 * knows a password for it, and would learn that it had no account before. The owner gets a mail
 * either way.
 */
async function hideUnverified(response: Response): Promise<Response> {
  if ((await errorCodeOf(response)) !== 'EMAIL_NOT_VERIFIED') return response;
  const refusal = { message: 'Invalid email or password', code: 'INVALID_EMAIL_OR_PASSWORD' };
  return new Response(JSON.stringify(refusal), { status: 401, headers: response.headers });
}

/** Retries the loser of two simultaneous sign-ups, which then finds the address taken. */
async function retrySignUp(handle: () => Promise<Response>): Promise<Response> {
  const response = await handle();
  return (await errorCodeOf(response)) === 'FAILED_TO_CREATE_USER' ? handle() : response;
}

/**
 * Pads every refused sign-in to the same duration: older hashes take less work, and unknown
 * addresses are looked up faster.
 */
export async function padRefusal(path: string, handle: () => Promise<Response>): Promise<Response> {
  const deadline = performance.now() + MIN_RESPONSE_MS;
  const response = await handle();
  const isRefused = path === SIGN_IN && (response.status === 401 || response.status === 403);
  if (isRefused) await sleep(Math.max(0, deadline - performance.now()));
  return response;
}

/**
 * Returns Better Auth's response without revealing, by content or timing, whether an address has an
 * account. The one exception is a sign-up where no mail is sent.
 *
 * @param path pattern of the route.
 */
export async function respond(
  auth: BetterAuth,
  path: string,
  caller: ReturnType<typeof callerOf>,
  handle: () => Promise<Response>,
): Promise<Response> {
  const hidesAccounts = auth.options.emailAndPassword.requireEmailVerification === true;
  const isPadded = path === REQUEST_RESET || (path === SIGN_UP && hidesAccounts);
  const pending = path === SIGN_UP ? retrySignUp(handle) : handle();
  const [response] = await Promise.all([pending, isPadded && sleep(MIN_RESPONSE_MS)]);
  await logResponse(path, response, caller);
  return withHeaders(path, path === SIGN_IN ? await hideUnverified(response) : response);
}
