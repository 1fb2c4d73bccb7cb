import {
  createLocalJWKSet,
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
} from 'jose';
import { KeySource } from '../common/key-source.js';
import { Problem } from '../common/problem.js';

/** Milliseconds after which keys are fetched again, in the background, while the old ones serve. */
const MAX_AGE = 10 * 60_000;
/** Milliseconds between two fetches, however many unknown key ids arrive. */
const COOLDOWN = 30_000;

type LocalKeySet = ReturnType<typeof createLocalJWKSet>;

/**
 * The issuer's keys, kept. A key id that is not known yet is looked for once a cooldown; keys that
 * cannot be refreshed go on serving, so that an issuer that is down locks nobody out.
 */
export class CachedKeySet {
  #keys?: LocalKeySet;
  #triedAt = -Infinity;
  #failure: unknown;
  #loading: Promise<void> | undefined;

  constructor(
    private readonly source: KeySource,
    private readonly now: () => number = Date.now,
  ) {}

  /** Resolves the key of a token, as `jwtVerify` of jose wants it. */
  async keyOf(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const keys = await this.#current();
    try {
      return await this.#find(keys, header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const before = this.#keys;
      await this.#refresh();
      if (this.#failure !== undefined) throw this.#unavailable(this.#failure);
      if (this.#keys === undefined || this.#keys === before) throw error;
      return this.#find(this.#keys, header, token);
    }
  }

  /** Rejects with 503 when there is no key to verify with. */
  async assertUsable(): Promise<void> {
    await this.#current();
  }

  /** jose speaks of the token; whatever else is thrown, of a key in the set that cannot be used. */
  async #find(
    keys: LocalKeySet,
    header: JWSHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<CryptoKey> {
    try {
      return await keys(header, token);
    } catch (error) {
      throw error instanceof errors.JOSEError ? error : this.#unavailable(error);
    }
  }

  async #current(): Promise<LocalKeySet> {
    if (this.#keys === undefined) await this.#refresh();
    else if (this.now() - this.#triedAt > MAX_AGE) void this.#refresh();
    if (this.#keys === undefined) throw this.#unavailable(this.#failure);
    return this.#keys;
  }

  /** One flight at a time, one flight a cooldown; while nothing is known, the cooldown is short. */
  async #refresh(): Promise<void> {
    const cooldown = this.#keys === undefined ? 1_000 : COOLDOWN;
    if (this.#loading === undefined && this.now() - this.#triedAt < cooldown) return;
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    await this.#loading;
  }

  async #load(): Promise<void> {
    this.#triedAt = this.now();
    try {
      this.#keys = createLocalJWKSet(await this.source.load());
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error;
    }
  }

  #unavailable(cause: unknown): Problem {
    return new Problem(
      'key_set_unavailable',
      'The keys that verify tokens cannot be fetched at the moment.',
      { cause },
    );
  }
}
