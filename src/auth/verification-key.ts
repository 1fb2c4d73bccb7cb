import {
  calculateJwkThumbprint,
  type CryptoKey,
  importJWK,
  type JSONWebKeySet,
  type JWK,
} from 'jose';

/** What the signature of a token is verified with. */
export interface VerificationKey {
  /** The same for the same key under the same name, and for no other. */
  readonly id: string;
  readonly kid: string | undefined;
  readonly alg: string;
  readonly key: CryptoKey | Uint8Array;
}

/** Where keys are asked for: the issuer's key set, or the shared secret. */
export interface VerificationKeys {
  /** The mode fixes the algorithms, so a public key can never be taken for a shared secret. */
  readonly algorithms: readonly string[];
  /**
   * The keys that may have signed a token with this header.
   *
   * @returns none when there is certainly no such key.
   * @throws Problem `key_set_unavailable` when it cannot be told.
   */
  candidates(header: KeyHint): Promise<readonly VerificationKey[]>;
  /** Whether what this key has verified is still to be believed. */
  isCurrent(key: VerificationKey): boolean;
  /** Rejects with 503 when there is no key to verify with. */
  assertUsable(): Promise<void>;
}

/** What a token's header says of its key. */
export interface KeyHint {
  readonly alg: string;
  readonly kid?: string;
}

/** By key type and curve, what a public key can verify. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  'OKP Ed25519': ['EdDSA'],
  'EC P-256': ['ES256'],
  'EC P-521': ['ES512'],
  'RSA ': ['RS256', 'PS256'],
};
export const ASYMMETRIC_ALGORITHMS = Object.values(ALGORITHMS).flat();

/** Members of private and of symmetric keys: a secret that was published is none. */
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
 * The keys of a set that tokens can be verified with, by id: public, strong enough, for signatures
 * and for an algorithm that is known here. The rest is left out, as RFC 7517, section 5, has it.
 *
 * @throws Error when it is no key set, or none is left.
 */
export async function usableKeys({ keys }: JSONWebKeySet): Promise<Map<string, VerificationKey>> {
  const imported = await Promise.all(
    keys.flatMap((jwk) => algorithmsOf(jwk).map((alg) => importKey(jwk, alg))),
  );
  const usable = imported.flat();
  if (usable.length === 0) throw new Error('The key set has no key that could be used.');
  return new Map(usable.map((key) => [key.id, key]));
}
