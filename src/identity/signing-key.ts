import type { Pool } from 'pg';
import type { BetterAuth } from './better-auth.js';

/** Any number that no other program locks. */
const KEY_LOCK = '8385561482373132901';

/** This instance cannot sign with the key that the database holds. */
class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError';
}

/**
 * Makes the signing key, once, whichever of several instances comes first, and proves that this
 * instance can sign with it.
 *
 * @throws SigningKeyError when the key was encrypted with another BETTER_AUTH_SECRET.
 */
export async function ensureSigningKey(auth: BetterAuth, pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`select pg_advisory_lock(${KEY_LOCK})`);
    await auth.api.getJwks();
    await proveSigning(auth);
  } finally {
    // Closes the connection, and the lock goes with it.
    client.release(true);
  }
}

async function proveSigning(auth: BetterAuth): Promise<void> {
  try {
    await auth.api.signJWT({ body: { payload: { sub: 'start' } } });
  } catch (error) {
    throw new SigningKeyError(
      'The signing key cannot be used. Is BETTER_AUTH_SECRET the one this database was first started with?',
      { cause: error },
    );
  }
}
