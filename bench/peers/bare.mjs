/**
 * The yardstick: the service that a good engineer writes by hand when speed is all that counts.
 * Fastify, prepared statements, compiled validators and serializers, verified tokens remembered;
 * no framework, no ORM, no row-level security. It is written to win.
 */
import { randomUUID } from 'node:crypto';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import Fastify from 'fastify';
import pg from 'pg';
import { sendFailure, Failure } from './failure.mjs';
import { log } from './log.mjs';
import { Queries } from './queries.mjs';
import { types } from './rows.mjs';
import { SCHEMAS } from './schemas.mjs';
import { tokenVerifier } from './tokens.mjs';

const { DATABASE_URL, JWKS_URL, ISSUER, AUDIENCE = 'taskward', PORT = '0', LIMITS } = process.env;
const REQUEST_ID = /^[\w.:+/=@-]{1,128}$/;
const ETAGS = /^\s*(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*\s*$/;

const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  // The plans are the same whatever the values; made again for each, they cost as much as the reading.
  options: '-c TimeZone=UTC -c statement_timeout=10000 -c plan_cache_mode=force_generic_plan',
  min: 1,
  max: 10,
  types,
});
const query = (statement, values) => pool.query({ ...statement, values, rowMode: 'array' });
const queries = new Queries(query);
const userOf = tokenVerifier({ jwksUrl: JWKS_URL, issuer: ISSUER, audience: AUDIENCE });

// Without Fastify's own log, which makes a child logger for each request.
const fastify = Fastify({
  genReqId: ({ headers: { 'x-request-id': id } }) =>
    id !== undefined && REQUEST_ID.test(id) ? id : randomUUID(),
});

// Bodies are taken as they are; of a query everything is text, so its values are converted.
const ajv = { allErrors: true, strict: false };
const bodies = addFormats.default(new Ajv(ajv));
const queryStrings = addFormats.default(new Ajv({ ...ajv, coerceTypes: true, useDefaults: true }));
fastify.setValidatorCompiler(({ schema, httpPart }) =>
  (httpPart === 'body' ? bodies : queryStrings).compile(schema),
);
fastify.setErrorHandler((error, request, reply) => {
  if (!(error.status < 500) && !(error.statusCode < 500)) log.error(error);
  return sendFailure(error, request, reply);
});
fastify.addContentTypeParser(
  'application/merge-patch+json',
  { parseAs: 'string' },
  fastify.getDefaultJsonParser('error', 'error'),
);
if (LIMITS === 'on') {
  // As Taskward does, and services that are written by hand do not.
  fastify.addHook('onSend', (_request, _reply, payload, done) => setImmediate(done, null, payload));
}
fastify.addHook('onResponse', (request, reply, done) => {
  const { url, id: requestId, method } = request;
  const end = url.indexOf('?');
  const ms = Math.round(reply.elapsedTime * 10) / 10;
  const path = end < 0 ? url : url.slice(0, end);
  log.info({ requestId, method, path, status: reply.statusCode, ms }, 'request');
  done();
});
fastify.get('/health/ready', async () => {
  await pool.query('select');
  return { status: 'ok' };
});

function versionsOf(header) {
  if (header === undefined || header.trim() === '*') return null;
  if (!ETAGS.test(header)) throw new Failure(400, 'invalid_header');
  return header.split(',').map((tag) => Number(/^\s*"([1-9]\d{0,8})"/.exec(tag)?.[1] ?? 0));
}

function sendTask(reply, task) {
  reply.header('etag', `"${task.version}"`);
  return reply.send(task);
}

async function change(request, reply) {
  const { user, body } = request;
  const { id } = request.params;
  const versions = versionsOf(request.headers['if-match']);
  const changed = await queries.patch(user.id, id, body, versions);
  if (changed !== undefined) return sendTask(reply, changed);
  const current = await queries.get(user.id, id);
  if (current === undefined) throw new Failure(404, 'task_not_found');
  if (versions !== null && !versions.includes(current.version)) {
    throw new Failure(412, 'precondition_failed', { etag: `"${current.version}"` });
  }
  return sendTask(reply, current);
}

function sendPage(request, reply, nextCursor, page) {
  if (nextCursor !== null) {
    const parameters = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1));
    parameters.set('cursor', nextCursor);
    reply.header('link', `<http://localhost/api/v1/tasks?${parameters}>; rel="next"`);
  }
  return reply.send(page);
}

/** For the limit lines: what else could be done with the same table. */
async function sendLimit(request, reply, owner) {
  const { tags, q } = request.query;
  if (tags !== undefined || q !== undefined) {
    const page = await queries.search(owner, request.query);
    return sendPage(request, reply, page.nextCursor, page);
  }
  const { nextCursor, text } = await queries.listJson(owner, request.query);
  reply.type('application/json; charset=utf-8').serializer(String);
  return sendPage(request, reply, nextCursor, text);
}

fastify.register(
  async (api) => {
    api.decorateRequest('user', null);
    api.addHook('onRequest', (request, reply, done) => {
      reply.headers({
        'x-request-id': request.id,
        'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      });
      const user = userOf(request.headers.authorization);
      if (!(user instanceof Promise)) {
        request.user = user;
        done();
        return;
      }
      user.then((verified) => {
        request.user = verified;
        done();
      }, done);
    });
    api.get('/me', { schema: SCHEMAS.me }, (request, reply) => reply.send(request.user));
    api.get('/tasks', { schema: SCHEMAS.list }, async (request, reply) => {
      const { id } = request.user;
      if (LIMITS === 'on') return sendLimit(request, reply, id);
      const page = await queries.list(id, request.query);
      return sendPage(request, reply, page.nextCursor, page);
    });
    api.get('/tasks/:id', { schema: SCHEMAS.get }, async (request, reply) => {
      const task = await queries.get(request.user.id, request.params.id);
      if (task === undefined) throw new Failure(404, 'task_not_found');
      reply.header('cache-control', 'private, no-cache');
      return sendTask(reply, task);
    });
    api.post('/tasks', { schema: SCHEMAS.create }, async (request, reply) => {
      const task = await queries.create(request.user.id, request.body);
      reply.code(201).header('location', `/api/v1/tasks/${task.id}`);
      return sendTask(reply, task);
    });
    api.patch('/tasks/:id', { schema: SCHEMAS.patch }, change);
  },
  { prefix: '/api/v1' },
);

const stop = () => void fastify.close().then(() => pool.end());
process.once('SIGTERM', stop).once('SIGINT', stop);
await fastify.listen({ port: Number(PORT), host: '127.0.0.1' });
