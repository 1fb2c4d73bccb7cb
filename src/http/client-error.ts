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

/** Milliseconds that a caller has to take the answer, and hang up. */
const LINGER = 1_000;

/** The answer to the last request of each connection, given or to be given. */
const lastResponses = new WeakMap<Socket, ServerResponse>();

/** Has `answerClientError` know which requests came before what it answers. */
export function keepLastResponses(server: Server): void {
  server.on('request', ({ socket }, response) => lastResponses.set(socket, response));
}

/** An error of Node's parser; of one that timed out there is no packet. */
type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: unknown };

/** Writes a line of log. */
type LogRefusal = (details: Readonly<Record<string, unknown>>) => void;

/** Parts of the program that a response needs. */
export interface ClientErrorContext extends Origins {
  readonly log: LogRefusal;
}

/**
 * Answers what Node's HTTP parser refuses, before there is a request: the same problem, written by
 * hand, as there is nothing else to write it with. Requests that came whole before it over the same
 * connection get their answers first; a caller would take this for one of theirs.
 */
export function answerClientError(
  error: ParserError,
  socket: Socket,
  context: ClientErrorContext,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) {
    socket.destroy();
    return;
  }
  // It has its answer: this is more of the same.
  if (socket.writableEnded) return;
  const last = lastResponses.get(socket);
  const isAnswered = last?.writableFinished === true;
  if (last && !isAnswered && (last.req.complete || last.headersSent)) {
    last.once('close', () => {
      answerClientError(error, socket, context);
    });
    return;
  }
  const requestId = randomUUID();
  const problem = problemOf(error);
  const { status, code } = problem;
  const address = clientAddress({ ip: socket.remoteAddress ?? '', socket });
  context.log({ requestId, status, code, reason: error.code, address });
  // A request that is answered before its end has no second answer.
  const isSecond = isAnswered && !last.req.complete;
  const caller = isAnswered ? undefined : last?.req.headers.origin;
  const headers = {
    ...securityHeaders(context.publicOrigin),
    ...corsHeaders(caller ?? originIn(error), context.trustedOrigins),
  };
  socket.end(isSecond ? '' : answerTo(problem, requestId, headers));
  setTimeout(() => socket.destroy(), LINGER).unref();
}

const problemOf = ({ code: reason = '' }: NodeJS.ErrnoException): Problem =>
  new Problem(CODES[reason] ?? 'malformed_request', 'The request could not be read.');

/** The origin that an unread request names, if that much of it came. */
function originIn({ rawPacket }: ParserError): string | undefined {
  if (!Buffer.isBuffer(rawPacket)) return undefined;
  return /^origin:[ \t]*(\S+)/im.exec(rawPacket.toString('latin1'))?.[1];
}

function answerTo(
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
