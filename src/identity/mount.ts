import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assertNoQuery, clientAddress, readJson, REQUEST_ID_HEADER } from '../http/index.js';
import { Problem } from '../problems/index.js';
import { isStorable, ProblemValidationPipe } from '../validation/index.js';
import type { Env } from '../config/index.js';
import { shareDeadline } from '../database/index.js';
import { clientNetwork } from '../rate-limit/index.js';
import { padRefusal, respond } from './auth-responses.js';
import { CLIENT_ADDRESS_HEADER, callerOf } from './auth-events.js';
import { BASE_PATH, type BetterAuth } from './better-auth.js';
import { runForNetwork } from './hash-queue.js';
import { assertOrigin } from './origin-rule.js';
import { withoutOutage } from './outage-watch.js';
import { PASSWORD_ROUTES, type PasswordGuesses } from './password-guesses.js';
import { ProfileDto } from './profile.dto.js';
import { Redirects } from './redirects.js';
import { SERVED_ROUTES, type ServedRoute } from './routes.js';
import { secretsOf } from './secrets.js';
import { cookieResigner } from './session-cookie.js';
import { trustedOrigins } from './trusted-origins.js';

const MAX_BODY_BYTES = 32 * 1024;

const validation = new ProblemValidationPipe();

/** Returns whether every string in a body can be stored unchanged. */
function isDeeplyStorable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isStorable(value);
  return Object.entries(value).flat().every(isDeeplyStorable);
}

/**
 * Parses a body; returns a problem for input to which Better Auth would respond with 500, or which
 * it would store altered.
 */
function parseBody({ headers }: FastifyRequest, bytes: Buffer): unknown {
  const body = readJson(bytes, headers);
  if (body instanceof Problem || isDeeplyStorable(body)) return body;
  const detail = 'must be valid Unicode without NUL characters and lone surrogates';
  return new Problem('validation_failed', `Every string ${detail}.`, {
    errors: [{ pointer: '', code: 'unicode', detail }],
  });
}

/**
 * Validates the members that users choose freely, which Better Auth accepts at any length.
 *
 * @returns the body to pass on.
 * @throws Problem `validation_failed`
 */
function validateProfile(path: string, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const metatype = ProfileDto;
  if (path === '/update-user') return validation.transform(body, { type: 'body', metatype });
  if (path !== '/sign-up/email') return body;
  const { name, image } = body as { name?: unknown; image?: unknown };
  const profile = validation.transform(
    { ...(name !== undefined && { name }), ...(image !== undefined && { image }) },
    { type: 'body', metatype },
  );
  return { ...body, ...(profile as object) };
}

/** Returns the address of the account whose password the request must contain. */
async function accountEmail(
  auth: BetterAuth,
  path: string,
  { body }: FastifyRequest,
  { headers }: Request,
): Promise<string | undefined> {
  // Only a sign-in names its account: elsewhere the member could name another user's.
  if (path === '/sign-in/email') {
    const { email } = (body ?? {}) as { email?: unknown };
    return typeof email === 'string' ? email : undefined;
  }
  const session = await withoutOutage(() => auth.api.getSession({ headers }));
  return session?.user.email;
}

/** Converts Fastify's requests to the web requests that Better Auth expects. */
async function createRequestConverter(auth: BetterAuth, env: Env) {
  const resign = await cookieResigner(auth, secretsOf(env));
  const redirects = new Redirects(env);
  const trusted = trustedOrigins(env);

  const toWebHeaders = (request: FastifyRequest): Headers => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      for (const item of [value ?? []].flat()) headers.append(name, item);
    }
    headers.set(CLIENT_ADDRESS_HEADER, clientAddress(request));
    headers.set(REQUEST_ID_HEADER, request.id);
    const { cookie } = request.headers;
    if (cookie !== undefined) headers.set('cookie', resign(cookie));
    for (const name of ['content-type', 'content-length', 'transfer-encoding'])
      headers.delete(name);
    return headers;
  };

  /** @throws Problem when the request redirects elsewhere, or breaks one of our rules. */
  const toWebRequest = (request: FastifyRequest, path: string): Request => {
    const { token } = request.params as { token?: string };
    // Built from the pattern: the request line may contain another host, or dot segments.
    const pathname = BASE_PATH + path.replace(':token', encodeURIComponent(token ?? ''));
    const url = new URL(pathname, env.origin);
    // A token of dots would lead to another route, and an empty one to none.
    if (token === '' || url.pathname !== pathname)
      throw new Problem('route_not_found', 'There is nothing at this path.');
    url.search = new URL(request.url, env.origin).search;
    const headers = toWebHeaders(request);
    // Better Auth would require an Origin, which non-browser clients do not send; `assertOrigin`
    // decides alone.
    if (request.method === 'POST' && assertOrigin(request, trusted))
      headers.set('origin', env.origin);
    redirects.assertTrusted(url.searchParams, request.body);
    if (request.method !== 'POST') return new Request(url, { headers });
    // Better Auth also accepts a reset token in the query, which logs and browser histories keep.
    assertNoQuery(request);
    const body = validateProfile(path, request.body);
    if (body === undefined) return new Request(url, { method: 'POST', headers });
    headers.set('content-type', 'application/json');
    return new Request(url, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  return { toWebRequest, redirects };
}

/** Creates the handler of all routes: Better Auth behind our own rules. */
async function createHandler(auth: BetterAuth, guesses: PasswordGuesses, env: Env) {
  const { toWebRequest, redirects } = await createRequestConverter(auth, env);
  return async (request: FastifyRequest, path: string): Promise<Response> => {
    const webRequest = toWebRequest(request, path);
    const handle = () => withoutOutage(() => shareDeadline(() => auth.handler(webRequest.clone())));
    const attempt = () => padRefusal(path, () => runForNetwork(clientNetwork(request), handle));
    const email = PASSWORD_ROUTES.has(path)
      ? await accountEmail(auth, path, request, webRequest)
      : undefined;
    const caller = callerOf(webRequest.headers);
    const response = await respond(auth, path, caller, () =>
      email === undefined ? attempt() : guesses.attempt(email, caller, attempt),
    );
    redirects.assertTrustedLocation(response);
    // A web response has a body even if the request was a HEAD.
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };
}

/**
 * Serves those routes of Better Auth that are listed. Bodies go through the same parser as
 * everywhere, which refuses whatever a cross-site form can send.
 */
export async function mountBetterAuth(
  fastify: FastifyInstance,
  auth: BetterAuth,
  guesses: PasswordGuesses,
  env: Env,
): Promise<void> {
  const handle = await createHandler(auth, guesses, env);
  await fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
      (request, bytes: Buffer, next) => {
        const body = parseBody(request, bytes);
        if (body instanceof Problem) next(body);
        else next(null, body);
      },
    );
    for (const route of SERVED_ROUTES) {
      scope.route({
        method: methodsOf(route),
        url: BASE_PATH + route.path,
        exposeHeadRoute: false,
        handler: (request) => handle(request, route.path),
      });
    }
    done();
  });
}

const methodsOf = ({ methods }: ServedRoute) =>
  methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
