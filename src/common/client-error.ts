import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { securityHeaders } from './common-headers.js';
import { Problem, PROBLEM_JSON, type ProblemCode } from './problem.js';

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

/** Writes a line of log. */
type LogRefusal = (details: Readonly<Record<string, unknown>>) => void;

/** Parts of the program that a response needs. */
export interface ClientErrorContext {
  readonly log: LogRefusal;
  /** The origin that users see. */
  readonly origin: string;
}

/**
 * Answers what Node's HTTP parser refuses, before there is a request: the same problem, written by
 * hand, as there is nothing else to write it with. Requests that came whole before it over the same
 * connection get their answers first; a caller would take this for one of theirs.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
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
  context.log({ requestId, status, code, reason: error.code, address: socket.remoteAddress });
  // A request that is answered before its end has no second answer.
  socket.end(isAnswered && !last.req.complete ? '' : answerTo(problem, requestId, context));
  setTimeout(() => socket.destroy(), LINGER).unref();
}

const problemOf = ({ code: reason = '' }: NodeJS.ErrnoException): Problem =>
  new Problem(CODES[reason] ?? 'malformed_request', 'The request could not be read.');

function answerTo(problem: Problem, requestId: string, { origin }: ClientErrorContext): string {
  const body = JSON.stringify(problem.body('/', requestId));
  return [
    `HTTP/1.1 ${String(problem.status)} ${STATUS_CODES[problem.status] ?? ''}`,
    'Connection: close',
    `Date: ${new Date().toUTCString()}`,
    'Cache-Control: private, no-store',
    `Content-Type: ${PROBLEM_JSON}`,
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    ...Object.entries(securityHeaders(origin)).map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${requestId}`,
    '',
    body,
  ].join('\r\n');
}
