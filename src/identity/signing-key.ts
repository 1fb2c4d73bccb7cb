import type { Pool } from 'pg';
import type { BetterAuth } from './better-auth.js';
import { KEY_LOCK } from './signing-keys.js';

/** This instance cannot sign with the key that the database holds. */
class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError';
}

/**
 * Makes the signing key, once, whichever of several instances comes first, and proves that this
 * instance can sign with it.
 *
 * @throws SigningKeyError when the key was encrypted with neither BETTER_AUTH_SECRET nor
 *   BETTER_AUTH_SECRET_PREVIOUS.
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
      'The signing key cannot be used. Is BETTER_AUTH_SECRET the one this database was started with before? While it changes, BETTER_AUTH_SECRET_PREVIOUS has to name the other one.',
      { cause: error },
    );
  }
}
