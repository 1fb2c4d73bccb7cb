import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assertNoQuery, clientAddress, readJson, REQUEST_ID_HEADER } from '../http/index.js';
import { Problem } from '../problems/index.js';
import { isStorable, ProblemValidationPipe } from '../validation/index.js';
import type { Env } from '../config/index.js';
import { shareDeadline } from '../database/index.js';
import { clientNetwork } from '../rate-limit/index.js';
import { answer, levelled } from './answers.js';
import { CLIENT_ADDRESS_HEADER, sender } from './auth-events.js';
import { BASE_PATH, type BetterAuth } from './better-auth.js';
import { asClient } from './hash-queue.js';
import { assertOrigin } from './origin-rule.js';
import { withoutOutage } from './outage-watch.js';
import { CHECKS_PASSWORD, type PasswordGuesses } from './password-guesses.js';
import { ProfileDto } from './profile.dto.js';
import { Redirects } from './redirects.js';
import { OFFERED_ROUTES, type OfferedRoute } from './routes.js';
import { secretsOf } from './secrets.js';
import { cookieResigner } from './session-cookie.js';
import { trustedOrigins } from './trusted-origins.js';

const BODY_LIMIT = 32 * 1024;

const validation = new ProblemValidationPipe();

/** Whether every text in a body can be stored as it is. */
function isStorableThroughout(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isStorable(value);
  return Object.entries(value).flat().every(isStorableThroughout);
}

/** Reads a body; an error is what Better Auth would answer 500, or store altered. */
function read({ headers }: FastifyRequest, bytes: Buffer): unknown {
  const body = readJson(bytes, headers);
  if (body instanceof Problem || isStorableThroughout(body)) return body;
  const detail = 'must be valid Unicode without NUL: lone surrogates cannot be stored';
  return new Problem('validation_failed', `Every text ${detail}.`, {
    errors: [{ pointer: '', code: 'unicode', detail }],
  });
}

/**
 * Checks what users choose of their account, which Better Auth takes at any length.
 *
 * @returns the body as it is handed on.
 * @throws Problem `validation_failed`
 */
function withProfile(path: string, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const metatype = ProfileDto;
  if (path === '/update-user') return validation.transform(body, { type: 'body', metatype });
  if (path !== '/sign-up/email') return body;
  const { name, image } = body as { name?: unknown; image?: unknown };
  const chosen = validation.transform(
    { ...(name !== undefined && { name }), ...(image !== undefined && { image }) },
    { type: 'body', metatype },
  );
  return { ...body, ...(chosen as object) };
}

/** Returns the address of the account whose password a request has to know. */
async function emailOf(
  auth: BetterAuth,
  path: string,
  { body }: FastifyRequest,
  { headers }: Request,
): Promise<string | undefined> {
  // Only a sign-in names its account: elsewhere the member could name somebody else's.
  if (path === '/sign-in/email') {
    const { email } = (body ?? {}) as { email?: unknown };
    return typeof email === 'string' ? email : undefined;
  }
  const session = await withoutOutage(() => auth.api.getSession({ headers }));
  return session?.user.email;
}

/** Makes the web requests that Better Auth takes. */
async function webRequests(auth: BetterAuth, env: Env) {
  const resign = await cookieResigner(auth, secretsOf(env));
  const redirects = new Redirects(env);
  const trusted = trustedOrigins(env);

  const headersOf = (request: FastifyRequest): Headers => {
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

  /** @throws Problem when the request leads away from here, or breaks a rule of ours. */
  const webRequest = (request: FastifyRequest, path: string): Request => {
    const { token } = request.params as { token?: string };
    // The route's own spelling: a request line may name a host of its own, or lead here by dots.
    const spelling = BASE_PATH + path.replace(':token', encodeURIComponent(token ?? ''));
    const url = new URL(spelling, env.origin);
    // A token of dots would lead to another route, and an empty one to none.
    if (token === '' || url.pathname !== spelling)
      throw new Problem('route_not_found', 'There is nothing here.');
    url.search = new URL(request.url, env.origin).search;
    const headers = headersOf(request);
    // One reader decides: Better Auth would ask for an Origin that clients beside browsers do not send.
    if (request.method === 'POST' && assertOrigin(request, trusted))
      headers.set('origin', env.origin);
    redirects.assertTrusted(url.searchParams, request.body);
    if (request.method !== 'POST') return new Request(url, { headers });
    // Better Auth takes the token of a reset from the query as well, where logs and histories keep it.
    assertNoQuery(request);
    const body = withProfile(path, request.body);
    if (body === undefined) return new Request(url, { method: 'POST', headers });
    headers.set('content-type', 'application/json');
    return new Request(url, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  return { webRequest, redirects };
}

/** Makes the handler of all routes: Better Auth behind the rules of ours. */
async function createHandler(auth: BetterAuth, guesses: PasswordGuesses, env: Env) {
  const { webRequest, redirects } = await webRequests(auth, env);
  return async (request: FastifyRequest, path: string): Promise<Response> => {
    const sent = webRequest(request, path);
    const handle = () => withoutOutage(() => shareDeadline(() => auth.handler(sent.clone())));
    const ask = () => levelled(path, () => asClient(clientNetwork(request), handle));
    const email = CHECKS_PASSWORD.has(path) ? await emailOf(auth, path, request, sent) : undefined;
    const who = sender(sent.headers);
    const response = await answer(auth, path, who, () =>
      email === undefined ? ask() : guesses.attempt(email, who, ask),
    );
    redirects.assertStays(response);
    // A web response has its content even where the request was a HEAD.
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };
}

/**
 * Serves the routes of Better Auth that are offered. Bodies are read here as everywhere, so what a form
 * of another site could send is refused.
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
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      (request, bytes: Buffer, next) => {
        const body = read(request, bytes);
        if (body instanceof Problem) next(body);
        else next(null, body);
      },
    );
    for (const route of OFFERED_ROUTES) {
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

const methodsOf = ({ methods }: OfferedRoute) =>
  methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
