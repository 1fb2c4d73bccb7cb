import assert from 'node:assert/strict';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { CachedKeySet } from '../../src/auth/cached-key-set.js';
import type { VerificationKey } from '../../src/auth/verification-key.js';
import { KeySource } from '../../src/common/key-source.js';

/** A source whose answers the test gives, and a clock that it turns. */
export class Issuer extends KeySource {
  loads = 0;
  time = 1_000_000;
  keys: JWK[] = [];
  failure: Error | undefined;
  /** While set, an answer waits for it; what it says is what it said before. */
  gate: Promise<undefined> | undefined;
  changed: () => void = () => undefined;
  readonly waited: number[] = [];
  whileWaiting: () => Promise<void> = () => Promise.resolve();
  readonly set: CachedKeySet;

  constructor(cooldown = COOLDOWN) {
    super();
    this.set = new CachedKeySet(this, {
      cooldown,
      now: () => this.time,
      wait: (milliseconds) => {
        this.waited.push(milliseconds);
        this.time += milliseconds;
        return this.whileWaiting();
      },
    });
  }

  override onChange(listener: () => void): void {
    this.changed = listener;
  }

  override async load(): Promise<JSONWebKeySet> {
    this.loads += 1;
    const { keys, failure } = this;
    await this.gate;
    if (failure) throw failure;
    return { keys };
  }

  /** Has answers wait until the function that it returns is called. */
  close(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.gate = promise;
    return () => resolve(undefined);
  }

  ask(kid?: string, alg = 'EdDSA') {
    return this.set.candidates(kid === undefined ? { alg } : { alg, kid });
  }

  /** The one key of this name. */
  async keyOf(kid: string): Promise<VerificationKey> {
    const [key = assert.fail(kid)] = await this.ask(kid);
    return key;
  }

  async codeOf(kid?: string, alg?: string): Promise<string> {
    const [outcome] = await Promise.allSettled([this.ask(kid, alg)]);
    if (outcome.status === 'rejected') return (outcome.reason as { code: string }).code;
    return outcome.value.length === 0 ? NOT_FOUND : 'found';
  }
}

export async function keyNamed(kid: string, alg = 'EdDSA'): Promise<JWK> {
  const { publicKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(publicKey)), kid, alg };
}

export const NOT_FOUND = 'not found';
export const UNAVAILABLE = 'key_set_unavailable';
export const COOLDOWN = 30_000;
/** Enough for a fetch that fails: one that succeeds imports keys, in threads. */
export const failed = () => new Promise((resolve) => setImmediate(resolve));

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 1));
}
