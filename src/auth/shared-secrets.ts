import type { VerificationKey, VerificationKeys } from './verification-key.js';

/** Secrets of mode `secret`: the current one, and the previous one while it is being changed. */
export class SharedSecrets implements VerificationKeys {
  readonly algorithms = ['HS256'];
  readonly #keys: readonly VerificationKey[];

  constructor(secrets: readonly Uint8Array[]) {
    this.#keys = secrets.map((key, index) => ({
      id: String(index),
      kid: undefined,
      alg: 'HS256',
      key,
    }));
  }

  /** Returns all secrets: a `kid` does not identify any. */
  candidates(): Promise<readonly VerificationKey[]> {
    return Promise.resolve(this.#keys);
  }

  isCurrent(): boolean {
    return true;
  }

  assertUsable(): Promise<void> {
    return Promise.resolve();
  }
}
