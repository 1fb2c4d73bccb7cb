import { createHmac, timingSafeEqual } from 'node:crypto';
import type { BetterAuth } from './better-auth.js';
import type { Secrets } from './secrets.js';

const sign = (value: string, secret: string) => createHmac('sha256', secret).update(value).digest();

/** A cookie's value as Better Auth signs it: `<value>.<HMAC-SHA256 in base64>`, percent-encoded. */
function resign(cookie: string, current: string, previous: string): string {
  let text: string;
  try {
    text = decodeURIComponent(cookie);
  } catch {
    return cookie;
  }
  const dot = text.lastIndexOf('.');
  const value = text.slice(0, dot);
  const signature = Buffer.from(text.slice(dot + 1), 'base64');
  const expected = sign(value, previous);
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return cookie;
  return encodeURIComponent(`${value}.${sign(value, current).toString('base64')}`);
}

/** Makes of a `Cookie` header the one that Better Auth is given. */
export type ResignCookies = (header: string) => string;

/**
 * Re-signs with the current secret those of Better Auth's cookies that the previous one signed.
 * Browsers get such a cookie from Better Auth itself, which renews the cookie of every session that
 * lives on: after a session's lifetime (7 days) the previous secret has had its day.
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
