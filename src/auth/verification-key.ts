import {
  calculateJwkThumbprint,
  type CryptoKey,
  importJWK,
  type JSONWebKeySet,
  type JWK,
} from 'jose';

/** Key that verifies the signature of a token. */
export interface VerificationKey {
  /** Identifies the key together with its name. */
  readonly id: string;
  readonly kid: string | undefined;
  readonly alg: string;
  readonly key: CryptoKey | Uint8Array;
}

/** Source of verification keys: the issuer's key set, or the shared secrets. */
export interface VerificationKeys {
  /** Fixed by the mode, so that a public key can never be used as a shared secret. */
  readonly algorithms: readonly string[];
  /**
   * Returns the keys that may have signed a token with this header.
   *
   * @returns an empty list if there is certainly no such key.
   * @throws Problem `key_set_unavailable` when that cannot be determined.
   */
  candidates(header: KeyHint): Promise<readonly VerificationKey[]>;
  /** Returns whether signatures verified with this key are still trusted. */
  isCurrent(key: VerificationKey): boolean;
  /** Rejects with 503 when there is no key to verify with. */
  assertUsable(): Promise<void>;
}

/** Members of a token's header that select its key. */
export interface KeyHint {
  readonly alg: string;
  readonly kid?: string;
}

/** Algorithms that a public key can verify, by key type and curve. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  'OKP Ed25519': ['EdDSA'],
  'EC P-256': ['ES256'],
  'EC P-521': ['ES512'],
  'RSA ': ['RS256', 'PS256'],
};
export const ASYMMETRIC_ALGORITHMS = Object.values(ALGORITHMS).flat();

/** Members of private and symmetric keys: a published secret is not one. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
/** RFC 7518, section 3.3. */
const MIN_RSA_BITS = 2048;

function algorithmsOf(jwk: JWK | null): readonly string[] {
  const { kty, crv = '', alg, use, ...rest }: Partial<JWK> = jwk ?? {};
  const isSecret = SECRET_MEMBERS.some((name) => name in rest);
  if (isSecret || (use !== undefined && use !== 'sig')) return [];
  const all = ALGORITHMS[`${String(kty)} ${crv}`] ?? [];
  return alg === undefined ? all : all.filter((name) => name === alg);
}

function isStrong({ algorithm, usages }: CryptoKey): boolean {
  const { modulusLength = MIN_RSA_BITS } = algorithm as { modulusLength?: number };
  return modulusLength >= MIN_RSA_BITS && usages.includes('verify');
}

async function importKey(jwk: JWK, alg: string): Promise<VerificationKey[]> {
  try {
    const key = (await importJWK(jwk, alg)) as CryptoKey;
    const id = JSON.stringify([jwk.kid, alg, await calculateJwkThumbprint(jwk)]);
    return isStrong(key) ? [{ id, kid: jwk.kid, alg, key }] : [];
  } catch {
    return [];
  }
}

/**
 * Returns the usable keys of a set by id: public, strong enough, for signatures, and for a known
 * algorithm. Others are ignored (RFC 7517, section 5).
 *
 * @throws Error when it is not a key set, or no key is usable.
 */
export async function usableKeys({ keys }: JSONWebKeySet): Promise<Map<string, VerificationKey>> {
  const imported = await Promise.all(
    keys.flatMap((jwk) => algorithmsOf(jwk).map((alg) => importKey(jwk, alg))),
  );
  const usable = imported.flat();
  if (usable.length === 0) throw new Error('The key set has no key that could be used.');
  return new Map(usable.map((key) => [key.id, key]));
}
