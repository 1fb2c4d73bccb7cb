import type { JSONWebKeySet } from 'jose';

/**
 * Where the public keys that verify tokens come from: the embedded issuer, or an address. As a class
 * it is its own injection token.
 */
export abstract class KeySource {
  /** The keys as they are now. Rejects when they are out of reach. */
  abstract load(): Promise<JSONWebKeySet>;

  /** Calls back when the keys are others than before, where that is told: an address tells nothing. */
  onChange(_listener: () => void): void {
    return;
  }
}
