import assert from 'node:assert/strict';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { CachedKeySet } from '../../src/auth/cached-key-set.js';
import type { VerificationKey } from '../../src/auth/verification-key.js';
import { KeySource } from '../../src/issuer/key-source.js';

export const NOT_FOUND = 'not found';
export const COOLDOWN_MS = 30_000;

/** A key source whose responses a test sets, with a clock that it turns. */
export class ScriptedKeySource extends KeySource {
  loads = 0;
  time = 1_000_000;
  keys: JWK[] = [];
  failure: Error | undefined;
  /** While set, a response waits for it, and has the keys of before. */
  gate: Promise<undefined> | undefined;
  changed: () => void = () => undefined;
  readonly waited: number[] = [];
  whileWaiting: () => Promise<void> = () => Promise.resolve();
  readonly set: CachedKeySet;

  constructor(cooldown = COOLDOWN_MS) {
    super();
    this.set = new CachedKeySet(this, {
      cooldownMs: cooldown,
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

  /** Makes responses wait until the function that it returns is called. */
  close(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.gate = promise;
    return () => resolve(undefined);
  }

  request(kid?: string, alg = 'EdDSA') {
    return this.set.candidates(kid === undefined ? { alg } : { alg, kid });
  }

  /** Returns the one key of this name. */
  async keyOf(kid: string): Promise<VerificationKey> {
    const [key = assert.fail(kid)] = await this.request(kid);
    return key;
  }

  async codeOf(kid?: string, alg?: string): Promise<string> {
    const [outcome] = await Promise.allSettled([this.request(kid, alg)]);
    if (outcome.status === 'rejected') return (outcome.reason as { code: string }).code;
    return outcome.value.length === 0 ? NOT_FOUND : 'found';
  }
}

export async function keyNamed(kid: string, alg = 'EdDSA'): Promise<JWK> {
  const { publicKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(publicKey)), kid, alg };
}
