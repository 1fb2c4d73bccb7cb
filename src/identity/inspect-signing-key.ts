import type { Env } from '../config/index.js';
import { openPool } from './identity-pool.js';
import { SigningKeys } from './signing-keys.js';

const DAY_MS = 86_400_000;

/** The state of the key that signs tokens. */
interface SigningKeyState {
  /** Whether BETTER_AUTH_SECRET, or the previous one, decrypts it. */
  readonly isUsable: boolean;
  readonly ageDays: number;
}

/**
 * Returns the state of the key that signs tokens; undefined if there is none yet. A missing
 * BETTER_AUTH_SECRET decrypts nothing.
 */
export async function inspectSigningKey(
  env: Env,
  identityUrl: string,
): Promise<SigningKeyState | undefined> {
  const pool = openPool(identityUrl, env.databaseLimits);
  try {
    const keys = new SigningKeys(
      pool,
      env.with({ BETTER_AUTH_SECRET: env.BETTER_AUTH_SECRET ?? '' }),
    );
    const [first, ...rest] = await keys.list();
    if (first === undefined) return undefined;
    const signing = rest.reduce((a, b) => (a.createdAt > b.createdAt ? a : b), first);
    const ageDays = (Date.now() - signing.createdAt.getTime()) / DAY_MS;
    return { isUsable: await keys.isCurrent(signing), ageDays };
  } finally {
    await pool.end();
  }
}
