import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemFilter } from './problem.filter.js';
import { UnsentResponses } from './unsent-responses.js';

/** A response that waits for the end of the turn. */
interface Waiting {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly payload: unknown;
  readonly done: (error: null, payload: unknown) => void;
}

/**
 * Sends the responses of one turn of the event loop together at its end. Meanwhile their clients
 * wait and send nothing, so the next turn has as many requests again, which means fewer context
 * switches. A single response waits only for the end of its turn.
 *
 * A response that cannot be sent, because of a header's value or because too many wait for their
 * reader, is replaced here, because no other code could catch the error. A connection whose response
 * has started, or fails again, is closed.
 */
export function flushResponsesPerTick(fastify: FastifyInstance, problems: ProblemFilter): void {
  const failed = new WeakSet<FastifyReply>();
  const unsent = new UnsentResponses();
  const send = ({ request, reply, payload, done }: Waiting): void => {
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
      problems.respond(error, request, reply);
    }
  };
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const responses = waiting;
    waiting = [];
    for (const response of responses) send(response);
  };
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (waiting.push({ request, reply, payload, done }) === 1) setImmediate(flush);
  });
}
