import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { flushResponsesPerTick } from './flush-responses-per-tick.js';
import { setOrigins } from './origins.js';
import { ProblemFilter } from './problem.filter.js';
import { RouteTable } from './route-table.js';

describe('flushing responses per tick', () => {
  let fastify: FastifyInstance;
  let events: string[];
  let log: string[];

  beforeEach(() => {
    events = [];
    log = [];
    fastify = Fastify();
    setOrigins(fastify, { publicOrigin: 'http://localhost:3000', trustedOrigins: [] });
    const logger = pino({ base: null, timestamp: false }, { write: (line) => log.push(line) });
    flushResponsesPerTick(fastify, new ProblemFilter(new RouteTable(fastify), logger));
    fastify.addHook('onRequest', (_request, _reply, done) => {
      events.push('request');
      done();
    });
    fastify.addHook('onResponse', (_request, _reply, done) => {
      events.push('response');
      done();
    });
    fastify.get('/', (_, reply) => reply.send('good'));
    fastify.get('/header', (_, reply) => reply.header('x-bad', 'a\nb').send('bad'));
    fastify.get('/payload', (_, reply) => reply.type('text/plain').send({ no: 'text' }));
    fastify.get('/begun', (_, reply) => {
      reply.raw.writeHead(200).write('some');
      return reply.send('more');
    });
    fastify.get('/broken', (request, reply) => {
      request.id = 'a\nb';
      return reply.header('x-bad', 'a\nb').send('bad');
    });
  });
  afterEach(() => fastify.close());

  it('are sent when all requests of the turn have been looked at', async () => {
    const responses = await Promise.all([fastify.inject('/'), fastify.inject('/')]);
    expect(responses.map(({ body }) => body)).toEqual(['good', 'good']);
    expect(events).toEqual(['request', 'request', 'response', 'response']);
  });

  it.each([
    { path: '/header', reason: 'ERR_INVALID_CHAR' },
    { path: '/payload', reason: 'FST_ERR_REP_INVALID_PAYLOAD_TYPE' },
  ])('that cannot be sent, as of $path, are a problem, and logged', async ({ path, reason }) => {
    const response = await fastify.inject(path);
    expect(response.statusCode).toBe(500);
    expect(response.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
    });
    expect(response.json()).toMatchObject({ code: 'internal_error', instance: path });
    expect(response.body).not.toContain(reason);
    expect(log.join()).toContain(reason);
    expect((await fastify.inject('/')).statusCode).toBe(200);
  });

  it.each(['/begun', '/broken'])('that cannot be mended, as of %s, are cut', async (path) => {
    const url = await fastify.listen({ host: '127.0.0.1', port: 0 });
    await expect(fetch(`${url}${path}`).then((response) => response.text())).rejects.toThrow();
    expect((await fetch(url)).status).toBe(200);
  });
});
