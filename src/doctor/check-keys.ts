import { inspectKeySet } from '../auth/index.js';
import type { Env } from '../config/index.js';
import { inspectSigningKey } from '../identity/index.js';
import { error, type Finding, ok, reasonOf, warning } from './finding.js';

/** Checks the keys of another issuer, or the secret that it signs with. */
export async function checkRemoteKeys({ AUTH_MODE, AUTH_JWKS_URL: url }: Env): Promise<Finding> {
  if (AUTH_MODE === 'secret' || url === undefined)
    return ok('keys', 'Tokens are verified with BETTER_AUTH_SECRET.');
  try {
    const count = await inspectKeySet(url);
    return ok('keys', `The key set has ${String(count)} usable key${count === 1 ? '' : 's'}.`);
  } catch (reason) {
    const cause = reason instanceof Error && reason.cause !== undefined ? reason.cause : reason;
    const text = `The key set at ${url} cannot be used: ${reasonOf(cause)}.`;
    return error('keys', text, `Correct AUTH_JWKS_URL. To see the response, run: curl -i ${url}`);
  }
}

const REMEDY =
  'Set BETTER_AUTH_SECRET, or BETTER_AUTH_SECRET_PREVIOUS, to the secret that this database was used with; if it is lost: npm run keys:rotate -- --revoke';

/** Checks that the secret decrypts the key that signs tokens. */
export async function checkSigningKey(env: Env, identityUrl: string): Promise<Finding> {
  const key = await inspectSigningKey(env, identityUrl);
  if (key === undefined) return ok('keys', 'The first start creates the signing key.');
  if (!key.isUsable) {
    const text = 'The signing key in the database cannot be decrypted, which prevents the start.';
    return error('keys', text, REMEDY);
  }
  const days = Math.floor(key.ageDays);
  // Instances check once an hour.
  if (key.ageDays > env.KEY_ROTATION_DAYS + 1) {
    const text = `The signing key is ${String(days)} days old, and should have been replaced after ${String(env.KEY_ROTATION_DAYS)}.`;
    return warning('keys', text, 'Start Taskward, or run: npm run keys:rotate');
  }
  return ok('keys', `The signing key can be used, and is ${String(days)} days old.`);
}
