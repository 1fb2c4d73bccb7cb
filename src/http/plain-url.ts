/** Scheme and host of an absolute-form target (RFC 9112, section 3.2.2). */
const SCHEME_AND_HOST = /^https?:\/\/([\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(:\d*)?(?=[/?]|$)/i;
/**
 * Escapes of letters, digits, `-`, `_` and `~`, which are equivalent to the characters (RFC 3986,
 * 6.2.2.2).
 */
const NEEDLESS_ESCAPE = /%(?:2d|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi;

/**
 * Normalizes the target of a request, so that routes, limits and logs see one spelling. Dots are
 * kept, as they could lead elsewhere, and so is the query.
 *
 * @example plainUrl('http://host/%61pi/v1/tasks') // '/api/v1/tasks'
 */
export function plainUrl(url: string): string {
  if (url.startsWith('/') && !url.includes('%')) return url;
  const target = url.replace(SCHEME_AND_HOST, '');
  const end = target.indexOf('?');
  const path = end === -1 ? target : target.slice(0, end);
  const plain = path.replaceAll(NEEDLESS_ESCAPE, decodeURIComponent);
  return `${plain === '' ? '/' : plain}${target.slice(path.length)}`;
}
