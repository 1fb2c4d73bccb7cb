import type { JSONWebKeySet } from 'jose';

/**
 * Source of the public keys that verify tokens: the embedded issuer or a URL. The class is its own
 * injection token.
 */
export abstract class KeySource {
  /** Returns the current keys. Rejects if they are unavailable. */
  abstract load(): Promise<JSONWebKeySet>;

  /** Calls back when the keys change, if the source can detect it; a URL cannot. */
  onChange(_listener: () => void): void {
    return;
  }
}
