import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { detachHandlers } from './detach-handlers.js';

let fastify: FastifyInstance;
const events: string[] = [];

beforeEach(() => {
  events.length = 0;
  fastify = Fastify();
  detachHandlers(fastify);
  // As in the program, a response is sent after its handler has returned.
  fastify.addHook('onSend', (_request, _reply, payload, done) => {
    setImmediate(done, null, payload);
  });
  fastify.addHook('onResponse', (_request, _reply, done) => {
    events.push('sent');
    done();
  });
});
afterEach(() => fastify.close());

const sendAndWait = async (_request: unknown, reply: FastifyReply) => {
  await Promise.resolve();
  void reply.send({ ok: true });
  await reply;
  events.push('handled');
};

describe('a handler', () => {
  it('of Nest does not wait until its response is sent', async () => {
    fastify.get('/api/v1/tasks', sendAndWait);
    const { body } = await fastify.inject('/api/v1/tasks');
    expect(body).toBe('{"ok":true}');
    expect(events).toEqual(['handled', 'sent']);
  });

  it('of another address waits as Fastify has it', async () => {
    fastify.get('/docs', sendAndWait);
    await fastify.inject('/docs');
    expect(events).toEqual(['sent', 'handled']);
  });

  it('of Nest that rejects has its error sent', async () => {
    fastify.get('/api/v1/tasks', async () => {
      await Promise.resolve();
      throw new Error('short and stout');
    });
    const { statusCode, body } = await fastify.inject('/api/v1/tasks');
    expect(statusCode).toBe(500);
    expect(body).toContain('short and stout');
  });

  it('of Nest that hands on to that of unknown addresses has its response', async () => {
    fastify.setNotFoundHandler(async (_request, reply) => {
      await Promise.resolve();
      return reply.code(404).send('nothing');
    });
    fastify.get('/api/v1/tasks/:id', (_request, reply) => {
      reply.callNotFound();
    });
    const { statusCode, body } = await fastify.inject('/api/v1/tasks/');
    expect([statusCode, body]).toEqual([404, 'nothing']);
  });
});
