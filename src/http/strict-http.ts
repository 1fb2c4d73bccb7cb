import type { IncomingMessage, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { parse } from 'node:querystring';
import type { FastifyInstance } from 'fastify';
import { keepLastResponses } from './client-error.js';
import { Problem } from '../problems/index.js';
import { sendProblem } from './problem.filter.js';
import { isRepeated } from './raw-headers.js';

/** What Node would refuse without a body, or see to too rarely. */
export const SERVER_OPTIONS: ServerOptions = {
  requireHostHeader: false,
  // Milliseconds; by itself Node looks for requests that take too long twice a minute.
  connectionsCheckingInterval: 1_000,
};

/** RFC 3986, section 3.2.2, and a port. The value may be empty. */
const HOST = /^([\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(:\d*)?$/i;

/** As with `Authorization`, which is the guard's to refuse, with its challenge. */
const ONCE = ['host', 'content-type'];

/** What is wrong with a request that Node's parser lets pass. RFC 9112 and RFC 9110, 10.1.1. */
function faultOf(request: IncomingMessage): string | undefined {
  const { headers, rawHeaders, httpVersion } = request;
  const twice = ONCE.find((name) => isRepeated(rawHeaders, name));
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

/** Refuses requests that Node lets pass or answers by itself though they break HTTP's rules. */
export function refuseMalformed(fastify: FastifyInstance): void {
  const { server } = fastify;
  keepLastResponses(server);
  // No limit: Node drops what is past a thousand in silence, and a precondition may be among it.
  server.maxHeadersCount = 0;
  const refused = new WeakSet<Socket>();
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  fastify.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    // What comes behind a refused request is not done, either: where that ends is in doubt.
    const fault = refused.has(socket) ? 'The connection is closed.' : faultOf(request.raw);
    if (fault === undefined) {
      done();
      return;
    }
    refused.add(socket);
    // Not passed on: as an error, that of an unknown address would become a 404.
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

/** Reads a query. A wrong percent escape becomes NUL, which no parameter may have. */
export const parseQuery = (text: string) =>
  parse(text, '&', '=', { maxKeys: 0, decodeURIComponent: decode });
