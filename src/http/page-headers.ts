import type { onSendHookHandler } from 'fastify';
import helmet from 'helmet';

type Directives = Readonly<Record<string, readonly string[]>>;

/** The policy of every page: scripts and styles are files of its origin, and none are inline. */
const DIRECTIVES: Directives = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  imgSrc: ["'self'", 'data:'],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
};

/**
 * Creates the `onSend` hook of an HTML page's route, which adds the headers of a page. HSTS is among
 * those of every response. `@fastify/helmet` would add two hooks to every request.
 *
 * @param directives those that this page has besides the common ones
 */
export function createPageHook(directives: Directives = {}): onSendHookHandler {
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { ...DIRECTIVES, ...directives },
    },
    hsts: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  return (request, reply, _payload, done) => {
    // Removes the policy for other responses, which would take precedence.
    reply.removeHeader('content-security-policy');
    setHeaders(request.raw, reply.raw, (error?: unknown) => {
      if (error instanceof Error) done(error);
      else done();
    });
  };
}
