import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { duplicateMember } from './duplicate-members.js';
import { bodyProblem, findOversize, isDeeperThan, MAX_DEPTH } from '../validation/index.js';
import { Problem } from '../problems/index.js';
import { AddRouteConfig } from './route-config.js';

interface Config {
  readonly timesBodyLimit?: number;
  readonly maxFileBytes?: number;
}

/** Allows bodies that are `timesBodyLimit` times as large as the usual limit. */
export const LargerBodies = (timesBodyLimit: number) =>
  AddRouteConfig({ timesBodyLimit } satisfies Config);

/** Takes files of any media type, up to a size of its own: the body is a `Buffer`, or a `Problem`. */
export const TakesFile = (maxFileBytes: number) =>
  AddRouteConfig({ maxFileBytes } satisfies Config);

const JSON_TYPE = 'application/json';
const MERGE_PATCH_TYPE = 'application/merge-patch+json';

const MAX_SHOWN_CHARACTERS = 100;

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const oversize = findOversize(value);
    if (oversize !== undefined) return bodyProblem([oversize]);
    if (isDeeperThan(MAX_DEPTH, value)) {
      return new Problem(
        'invalid_json',
        `The body is nested deeper than ${String(MAX_DEPTH)} levels.`,
      );
    }
    const name = duplicateMember(text, value);
    if (name === undefined) return value;
    const shown = JSON.stringify(name.slice(0, MAX_SHOWN_CHARACTERS));
    return new Problem('invalid_json', `An object in the body contains ${shown} more than once.`);
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'it cannot be read';
    return new Problem('invalid_json', `The body is not valid JSON: ${why}.`);
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/** Returns the problem of an unsupported content coding or charset (RFC 9110, 15.5.16). */
function codingProblem(headers: IncomingHttpHeaders): Problem | undefined {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers;
  if (encoding.trim().toLowerCase() !== 'identity') {
    return new Problem('unsupported_media_type', 'Send the body without a Content-Encoding.', {
      headers: { 'accept-encoding': 'identity' },
    });
  }
  const [, charset = 'utf-8'] = CHARSET.exec(type) ?? [];
  if (/^(utf-?8|us-ascii)$/i.test(charset)) return undefined;
  return new Problem('unsupported_media_type', 'Send the body in UTF-8.');
}

/** Parses a body; returns a `Problem` if it is not JSON in UTF-8, and undefined if it is empty. */
export function readJson(bytes: Buffer, headers: IncomingHttpHeaders): unknown {
  if (bytes.length === 0) return undefined;
  const problem = codingProblem(headers);
  if (problem !== undefined) return problem;
  try {
    return parse(decoder.decode(bytes));
  } catch {
    return new Problem('invalid_json', 'The body is not valid UTF-8.');
  }
}

function unsupported(request: FastifyRequest): Problem {
  const type = request.headers['content-type'] ?? 'none';
  const accepted = request.method === 'PATCH' ? `${MERGE_PATCH_TYPE} or ${JSON_TYPE}` : JSON_TYPE;
  const accept =
    request.method === 'PATCH' ? { 'accept-patch': `${MERGE_PATCH_TYPE}, ${JSON_TYPE}` } : {};
  return new Problem('unsupported_media_type', `Send ${accepted}, not ${type}.`, {
    headers: accept,
  });
}

/** Returns the path of a URL without its query, as routes have it. */
const pathOf = (url: string) => url.split('?', 1)[0] ?? '';

/**
 * Parses JSON bodies, and JSON merge patches with PATCH. An unreadable body becomes a `Problem`,
 * which the validation pipe throws after the guard: a caller without a token gets 401 whatever it
 * sent.
 *
 * @param bodyLimit maximum size in bytes.
 */
export function registerBodyParsers(fastify: FastifyInstance, bodyLimit: number): void {
  const filePaths = new Set<string>();
  fastify.addHook('onRoute', (route) => {
    const { timesBodyLimit, maxFileBytes } = (route.config ?? {}) as Config;
    if (maxFileBytes !== undefined) {
      filePaths.add(route.url);
      route.bodyLimit = maxFileBytes;
    }
    // In Fastify the limit of a route takes precedence over those of the parsers.
    if (timesBodyLimit !== undefined) route.bodyLimit = timesBodyLimit * bodyLimit;
  });
  fastify.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer' as const, bodyLimit };
  const fileOf = ({ url, headers }: FastifyRequest, bytes: Buffer) =>
    filePaths.has(pathOf(url)) ? (codingProblem(headers) ?? bytes) : undefined;
  fastify.addContentTypeParser(JSON_TYPE, options, (request, bytes: Buffer, done) => {
    done(null, fileOf(request, bytes) ?? readJson(bytes, request.headers));
  });
  fastify.addContentTypeParser(MERGE_PATCH_TYPE, options, (request, bytes: Buffer, done) => {
    done(
      null,
      request.method === 'PATCH' ? readJson(bytes, request.headers) : unsupported(request),
    );
  });
  fastify.addContentTypeParser('*', options, (request, bytes: Buffer, done) => {
    // Some clients send a media type without content; axios sends that of a form.
    const empty = bytes.length === 0 ? undefined : unsupported(request);
    done(null, fileOf(request, bytes) ?? empty);
  });
}
