import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ProblemFilter } from './problem.filter.js';
import { UnsentResponses } from './unsent-responses.js';

/**
 * Sends the answers that one turn of the event loop has brought together, when it ends. Until then
 * their readers sleep and send nothing, so the next turn has as many requests again: less switching
 * back and forth for all of them. An answer on its own waits for nothing but the end of its turn.
 *
 * A response that cannot be sent, for a header's value or as too much waits for its reader, is replaced here, since nobody is left who could catch
 * it; a connection whose answer has begun, or fails like that again, is cut.
 */
export function answerByTurn(fastify: FastifyInstance, problems: ProblemFilter): void {
  const failed = new WeakSet<FastifyReply>();
  const unsent = new UnsentResponses();
  fastify.addHook('onSend', (request, reply, payload, done) => {
    setImmediate(() => {
      try {
        if (!failed.has(reply)) unsent.assertRoom(request, payload);
        done(null, payload);
        unsent.track(request, reply, payload);
      } catch (error) {
        if (reply.raw.headersSent || failed.has(reply)) {
          reply.raw.destroy();
          return;
        }
        failed.add(reply);
        for (const name of Object.keys(reply.getHeaders())) void reply.removeHeader(name);
        problems.answer(error, request, reply);
      }
    });
  });
}
