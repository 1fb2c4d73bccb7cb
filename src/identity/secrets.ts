import type { Env } from '../config/index.js';

/**
 * Secrets that sign cookies and encrypt private keys. During a change of secret, both are accepted.
 */
export interface Secrets {
  readonly current: string;
  /** Also accepted: the old secret or, on an instance that has not switched yet, the new one. */
  readonly previous: string | undefined;
}

export function secretsOf(env: Env): Secrets {
  const { BETTER_AUTH_SECRET: current, BETTER_AUTH_SECRET_PREVIOUS: previous } = env;
  if (current === undefined) throw new Error('BETTER_AUTH_SECRET is not resolved yet.');
  return { current, previous };
}
