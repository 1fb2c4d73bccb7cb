import type { Env } from '../config/index.js';

/** Origins whose pages may call with cookies. In development the machine's two names are one. */
export function trustedOrigins(env: Env): string[] {
  const port = String(env.PORT);
  const loopback = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  return [env.origin, ...env.TRUSTED_ORIGINS, ...(env.NODE_ENV === 'production' ? [] : loopback)];
}
