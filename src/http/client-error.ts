import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { securityHeaders } from './common-headers.js';
import { clientAddress } from './client-address.js';
import { corsHeaders } from './cors-headers.js';
import type { Origins } from './origins.js';
import { Problem, PROBLEM_JSON, type ProblemCode } from '../problems/index.js';

const CODES: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** How long a client may take to read the response and close the connection. */
const LINGER_MS = 1_000;

/** The last response of each connection, whether sent or pending. */
const lastResponses = new WeakMap<Socket, ServerResponse>();

/** Records the last response of each connection for `respondToClientError`. */
export function keepLastResponses(server: Server): void {
  server.on('request', ({ socket }, response) => lastResponses.set(socket, response));
}

/** An error of Node's parser, without a packet in case of a timeout. */
type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: unknown };

/** Logs a refusal. */
type LogRefusal = (details: Readonly<Record<string, unknown>>) => void;

/** Dependencies of `respondToClientError`. */
export interface ClientErrorContext extends Origins {
  readonly log: LogRefusal;
}

/**
 * Sends a problem for what Node's HTTP parser rejects, writing to the socket by hand as there is no
 * request. Earlier complete requests on the connection receive their responses first, because a client would
 * take this response for one of theirs.
 */
export function respondToClientError(
  error: ParserError,
  socket: Socket,
  context: ClientErrorContext,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) {
    socket.destroy();
    return;
  }
  // The response was sent already: this is more of the same input.
  if (socket.writableEnded) return;
  const last = lastResponses.get(socket);
  const isResponseSent = last?.writableFinished === true;
  if (last && !isResponseSent && (last.req.complete || last.headersSent)) {
    last.once('close', () => {
      respondToClientError(error, socket, context);
    });
    return;
  }
  const requestId = randomUUID();
  const problem = problemOf(error);
  const { status, code } = problem;
  const address = clientAddress({ ip: socket.remoteAddress ?? '', socket });
  context.log({ requestId, status, code, reason: error.code, address });
  // A request whose response was sent before its end gets no second response.
  const isSecond = isResponseSent && !last.req.complete;
  const caller = isResponseSent ? undefined : last?.req.headers.origin;
  const headers = {
    ...securityHeaders(context.publicOrigin),
    ...corsHeaders(caller ?? originIn(error), context.trustedOrigins),
  };
  socket.end(isSecond ? '' : formatResponse(problem, requestId, headers));
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

const problemOf = ({ code: reason = '' }: NodeJS.ErrnoException): Problem =>
  new Problem(CODES[reason] ?? 'malformed_request', 'The request could not be read.');

/** Returns the origin that an unread request names, if that much of it arrived. */
function originIn({ rawPacket }: ParserError): string | undefined {
  if (!Buffer.isBuffer(rawPacket)) return undefined;
  return /^origin:[ \t]*(\S+)/im.exec(rawPacket.toString('latin1'))?.[1];
}

function formatResponse(
  problem: Problem,
  requestId: string,
  headers: Readonly<Record<string, string>>,
): string {
  const body = JSON.stringify(problem.body('/', requestId));
  return [
    `HTTP/1.1 ${String(problem.status)} ${STATUS_CODES[problem.status] ?? ''}`,
    'Connection: close',
    `Date: ${new Date().toUTCString()}`,
    'Cache-Control: private, no-store',
    `Content-Type: ${PROBLEM_JSON}`,
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${requestId}`,
    '',
    body,
  ].join('\r\n');
}
