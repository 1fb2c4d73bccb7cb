import type { VerificationKey, VerificationKeys } from './verification-key.js';

/** The secrets of mode `secret`: the one that signs, and the one whose place it has taken. */
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

  /** All of them: a `kid` names no shared secret. */
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
