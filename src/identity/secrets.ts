import type { Env } from '../config/index.js';

/**
 * What cookies are signed with and private keys are encrypted with. While one secret takes the place
 * of another, what either of them has signed or encrypted is good.
 */
export interface Secrets {
  readonly current: string;
  /** Accepted as well: the one of before or, on an instance that has not changed yet, the next. */
  readonly previous: string | undefined;
}

export function secretsOf(env: Env): Secrets {
  const { BETTER_AUTH_SECRET: current, BETTER_AUTH_SECRET_PREVIOUS: previous } = env;
  if (current === undefined) throw new Error('BETTER_AUTH_SECRET is not settled yet.');
  return { current, previous };
}
