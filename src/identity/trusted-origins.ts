import type { Env } from '../config/index.js';

/**
 * Returns the origins whose pages may send cookies. In development `localhost` and `127.0.0.1` are
 * equivalent.
 */
export function trustedOrigins(env: Env): string[] {
  const port = String(env.PORT);
  const loopback = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  return [env.origin, ...env.TRUSTED_ORIGINS, ...(env.NODE_ENV === 'production' ? [] : loopback)];
}
