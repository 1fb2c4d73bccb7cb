import { Logger } from '@nestjs/common';
import type { DatabaseLimits } from '../config/index.js';
import { configOf, withAdvisoryLock } from '../database/index.js';
import type { BetterAuth } from './better-auth.js';
import { KEY_LOCK } from './signing-keys.js';

const logger = new Logger('Identity');

/** This instance cannot use the signing key in the database. */
class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError';
}

/**
 * Creates the signing key if there is none, on one of several instances, and verifies that this
 * instance can sign with it.
 *
 * @param sessionUrl connection string that bypasses poolers.
 * @throws SigningKeyError when the key was encrypted with neither BETTER_AUTH_SECRET nor
 *   BETTER_AUTH_SECRET_PREVIOUS.
 */
export async function ensureSigningKey(
  auth: BetterAuth,
  sessionUrl: string,
  limits: DatabaseLimits,
): Promise<void> {
  const config = configOf(sessionUrl, limits);
  const lock = { id: KEY_LOCK, name: 'lock of the signing key' };
  const warn = (line: string) => {
    logger.warn(line);
  };
  const work = async () => {
    await auth.api.getJwks();
    await proveSigning(auth);
  };
  await withAdvisoryLock(config, lock, work, { warn });
}

async function proveSigning(auth: BetterAuth): Promise<void> {
  try {
    await auth.api.signJWT({ body: { payload: { sub: 'start' } } });
  } catch (error) {
    throw new SigningKeyError(
      'The signing key cannot be used. Is BETTER_AUTH_SECRET the secret that this database was used with before? While it is being changed, set BETTER_AUTH_SECRET_PREVIOUS to the other one.',
      { cause: error },
    );
  }
}
