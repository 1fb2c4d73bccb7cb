/** Whether cookies go over TLS alone. */
export const isSecure = (origin: string) => origin.startsWith('https:');

/**
 * The prefix of cookies' names. Under `__Host-` a browser takes them from this host alone, over TLS, for
 * every path: no neighbour below the same domain can plant one. RFC 6265bis, section 4.1.3.2.
 */
export const cookiePrefix = (origin: string) => (isSecure(origin) ? '__Host-taskward' : 'taskward');

/** The name of the session's cookie, as Better Auth makes it. */
export const sessionCookieName = (origin: string) => `${cookiePrefix(origin)}.session_token`;
