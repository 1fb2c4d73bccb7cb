/** Scope required for everything but reading, if a token has scopes. */
export const WRITE_SCOPE = 'tasks:write';
