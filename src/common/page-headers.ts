import { createHash } from 'node:crypto';
import type { onSendHookHandler } from 'fastify';
import helmet from 'helmet';

/** Styles that a page may write into itself: sheets and attributes. Scripts are files of ours. */
const INLINE_STYLES = [/<style[^>]*>([^]*?)<\/style>/g, /\sstyle="([^"]*)"/g];

/** Returns the sources by which a page's own styles, and no others, are allowed. CSP 3, section 8.4. */
function styleHashes(html: string, later: readonly string[]): string[] {
  const written = INLINE_STYLES.flatMap((pattern) =>
    [...html.matchAll(pattern)].map(([, style = '']) => style),
  );
  const styles = [...written, ...later];
  const hashes = styles.map(
    (style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
  // Attributes count only where hashes of them are asked for.
  return hashes.length > 0 ? ["'unsafe-hashes'", ...new Set(hashes)] : [];
}

/**
 * Returns what sets the headers of a page: of its origin alone, with what it has written into itself as
 * style. HSTS is with the headers of every response.
 */
const pageHelmet = (html: string, later: readonly string[]) =>
  helmet({
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
        styleSrc: ["'self'", ...styleHashes(html, later)],
      },
    },
    hsts: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });

/**
 * Sends the headers of a page with HTML; for the `onSend` of a route. `@fastify/helmet` would put two
 * hooks in front of every request, whatever it is for.
 *
 * @param later style sheets that the page's scripts write into it.
 */
export const protectPage =
  (later: readonly string[]): onSendHookHandler =>
  (request, reply, payload, done) => {
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    if (!isPage || typeof payload !== 'string') {
      done();
      return;
    }
    // That of what is not a page: it would win.
    reply.removeHeader('content-security-policy');
    pageHelmet(payload, later)(request.raw, reply.raw, (error?: unknown) => {
      if (error instanceof Error) done(error);
      else done();
    });
  };
