import type { onSendHookHandler } from 'fastify';
import helmet from 'helmet';

/**
 * Sets the headers of a page: scripts and styles are files of its origin, and none are inline. HSTS
 * is among the headers of every response.
 */
const setHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      connectSrc: ["'self'"],
      fontSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", 'data:'],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
    },
  },
  hsts: false,
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
});

/**
 * Adds the headers to an HTML page, as the `onSend` hook of its route. `@fastify/helmet` would add
 * two hooks to every request.
 */
export const protectPage: onSendHookHandler = (request, reply, _payload, done) => {
  // Removes the policy for other responses, which would take precedence.
  reply.removeHeader('content-security-policy');
  setHeaders(request.raw, reply.raw, (error?: unknown) => {
    if (error instanceof Error) done(error);
    else done();
  });
};
