/** Returns whether cookies are sent over TLS only. */
export const isSecure = (origin: string) => origin.startsWith('https:');

/**
 * Returns the prefix of cookie names. Browsers accept `__Host-` cookies from this host only, over
 * TLS and for every path, so no sibling domain can plant one (RFC 6265bis, section 4.1.3.2).
 */
export const cookiePrefix = (origin: string) => (isSecure(origin) ? '__Host-taskward' : 'taskward');

/** Returns the name of the session cookie, as Better Auth builds it. */
export const sessionCookieName = (origin: string) => `${cookiePrefix(origin)}.session_token`;
