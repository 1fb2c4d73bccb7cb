import type { onSendHookHandler } from 'fastify';
import helmet from 'helmet';

/**
 * Sets the headers of a page: scripts and styles are files of its origin, and nothing is written into
 * the page. HSTS is with the headers of every response.
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
 * Sends the headers of a page with HTML; for the `onSend` of a route. `@fastify/helmet` would put two
 * hooks in front of every request, whatever it is for.
 */
export const protectPage: onSendHookHandler = (request, reply, _payload, done) => {
  // That of what is not a page: it would win.
  reply.removeHeader('content-security-policy');
  setHeaders(request.raw, reply.raw, (error?: unknown) => {
    if (error instanceof Error) done(error);
    else done();
  });
};
