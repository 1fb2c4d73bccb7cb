import { Client } from 'pg';
import type { DatabaseLimits } from '../config/index.js';
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
 * @param sessionUrl of a session of its own: a lock taken through a pooler could outlive its taker.
 * @throws SigningKeyError when the key was encrypted with neither BETTER_AUTH_SECRET nor
 *   BETTER_AUTH_SECRET_PREVIOUS.
 */
export async function ensureSigningKey(
  auth: BetterAuth,
  sessionUrl: string,
  { connectTimeout }: DatabaseLimits,
): Promise<void> {
  const client = new Client({
    connectionString: sessionUrl,
    connectionTimeoutMillis: connectTimeout,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(${KEY_LOCK})`);
    await auth.api.getJwks();
    await proveSigning(auth);
  } finally {
    // Ends the session, and with it the lock.
    await client.end();
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
