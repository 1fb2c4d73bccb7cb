import type { JSONWebKeySet } from 'jose';

/**
 * Where the public keys that verify tokens come from: the embedded issuer, or an address. This is
 * all that the modules `auth` and `identity` share; as a class it is its own injection token.
 */
export abstract class KeySource {
  /** The keys as they are now. Rejects when they are out of reach. */
  abstract load(): Promise<JSONWebKeySet>;
}
