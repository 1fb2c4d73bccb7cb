import type { IncomingMessage, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { parse } from 'node:querystring';
import type { FastifyInstance } from 'fastify';
import { keepLastResponses } from './client-error.js';
import { Problem } from '../problems/index.js';
import { sendProblem } from './problem.filter.js';
import { isRepeated } from './raw-headers.js';

/** Server options for what Node would reject without a body, or check too rarely. */
export const SERVER_OPTIONS: ServerOptions = {
  requireHostHeader: false,
  // Milliseconds; by default Node checks for slow requests only twice a minute.
  connectionsCheckingInterval: 1_000,
};

/** Host with an optional port (RFC 3986, section 3.2.2). It may be empty. */
const HOST = /^([\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(:\d*)?$/i;

/** `Authorization` is left to the guard, which adds a challenge. */
const SINGLE_HEADERS = ['host', 'content-type'];

/** Returns the fault of a request that Node's parser accepts (RFC 9112; RFC 9110, 10.1.1). */
function faultOf(request: IncomingMessage): string | undefined {
  const { headers, rawHeaders, httpVersion } = request;
  const twice = SINGLE_HEADERS.find((name) => isRepeated(rawHeaders, name));
  if (twice !== undefined) return `There is more than one ${twice} header.`;
  if (!httpVersion.startsWith('1.')) return `HTTP/${httpVersion} is not spoken here.`;
  if (headers.host === undefined && httpVersion !== '1.0') return 'There is no Host header.';
  if (!HOST.test(headers.host ?? '')) return 'The Host header names no host.';
  const { expect = '100-continue', 'transfer-encoding': coding = 'chunked' } = headers;
  if (expect.toLowerCase() !== '100-continue') return 'Of Expect only 100-continue is known.';
  const isChunked = coding.toLowerCase() === 'chunked';
  const mayBe = httpVersion !== '1.0' || headers['transfer-encoding'] === undefined;
  return isChunked && mayBe
    ? undefined
    : 'Of Transfer-Encoding only chunked is known, in HTTP/1.1.';
}

/** Rejects requests that violate HTTP although Node accepts them, or responds to them itself. */
export function rejectMalformed(fastify: FastifyInstance): void {
  const { server } = fastify;
  keepLastResponses(server);
  // Unlimited: Node silently drops headers beyond a thousand, which may include a precondition.
  server.maxHeadersCount = 0;
  const refused = new WeakSet<Socket>();
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  fastify.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    // Requests behind a refused one are not served either, because its end is uncertain.
    const fault = refused.has(socket) ? 'The connection is closed.' : faultOf(request.raw);
    if (fault === undefined) {
      done();
      return;
    }
    refused.add(socket);
    // Sent directly: as an error, that of an unknown path would become a 404.
    sendProblem(
      request,
      reply.header('connection', 'close'),
      new Problem('malformed_request', fault),
    );
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '\0';
  }
}

/** Parses a query. An invalid percent escape becomes NUL, which no parameter may contain. */
export const parseQuery = (text: string) =>
  parse(text, '&', '=', { maxKeys: 0, decodeURIComponent: decode });
