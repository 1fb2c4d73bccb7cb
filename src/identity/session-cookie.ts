import { createHmac, timingSafeEqual } from 'node:crypto';
import type { BetterAuth } from './better-auth.js';
import type { Secrets } from './secrets.js';

const sign = (value: string, secret: string) => createHmac('sha256', secret).update(value).digest();

/**
 * Re-signs a cookie value in Better Auth's format: `<value>.<HMAC-SHA256 in base64>`,
 * percent-encoded.
 */
function resign(cookie: string, current: string, previous: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(cookie);
  } catch {
    return cookie;
  }
  const dot = decoded.lastIndexOf('.');
  const value = decoded.slice(0, dot);
  const signature = Buffer.from(decoded.slice(dot + 1), 'base64');
  const expected = sign(value, previous);
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return cookie;
  return encodeURIComponent(`${value}.${sign(value, current).toString('base64')}`);
}

/** Converts a `Cookie` header into the one passed to Better Auth. */
export type ResignCookies = (header: string) => string;

/**
 * Re-signs Better Auth's cookies that the previous secret signed. Better Auth renews the cookie of
 * every active session, so after one session lifetime (7 days) the previous secret is no longer
 * needed.
 */
export async function cookieResigner(
  auth: BetterAuth,
  { current, previous }: Secrets,
): Promise<ResignCookies> {
  if (previous === undefined) return (header) => header;
  const { sessionToken, dontRememberToken } = (await auth.$context).authCookies;
  const names = new Set([sessionToken.name, dontRememberToken.name]);
  return (header) => {
    const cookies = header.split(';').map((cookie) => {
      const [name = '', ...value] = cookie.split('=');
      if (!names.has(name.trim())) return cookie;
      return `${name}=${resign(value.join('=').trim(), current, previous)}`;
    });
    return cookies.join(';');
  };
}
