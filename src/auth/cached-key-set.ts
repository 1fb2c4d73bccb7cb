import { setTimeout as delay } from 'node:timers/promises';
import type { KeySource } from '../issuer/index.js';
import { countKeySetFetch } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import {
  ASYMMETRIC_ALGORITHMS,
  type KeyHint,
  usableKeys,
  type VerificationKey,
  type VerificationKeys,
} from './verification-key.js';

/** Age at which keys are fetched again in the background, while the old ones stay in use. */
const MAX_AGE_MS = 10 * 60_000;
/** Delay between attempts while no key is known at all. */
const FIRST_COOLDOWN_MS = 1_000;

/**
 * Minimum time between the first two lookups of unknown key ids. It doubles with each lookup that
 * finds no change, up to the cooldown.
 */
const FIRST_SPACING_MS = 1_000;
/** Longest time that a request waits for the next lookup. */
const MAX_WAIT_MS = 2_000;

interface CachedKeySetOptions {
  /** Maximum time between fetches for unknown key ids, however many arrive (ms). */
  readonly cooldownMs?: number;
  /** Monotonic clock (ms): setting back the wall clock must not stop the fetches. */
  readonly now?: () => number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Caches the issuer's keys. An unknown key id is looked up in a fetch that starts after its
 * arrival, so that no invented key id hides a new key. Fruitless lookups become less frequent, and
 * a key id that arrives long before the next one cannot be decided. Keys that cannot be refreshed
 * stay in use, so that users stay signed in while the issuer is down.
 */
export class CachedKeySet implements VerificationKeys {
  readonly algorithms = ASYMMETRIC_ALGORITHMS;
  readonly #source: KeySource;
  readonly #cooldown: number;
  readonly #now: () => number;
  #keys: ReadonlyMap<string, VerificationKey> | undefined;
  #triedAt = -Infinity;
  readonly #wait: (milliseconds: number) => Promise<unknown>;
  /** Time of the last fetch for an unknown key id. */
  #lookedAt = -Infinity;
  #spacing = FIRST_SPACING_MS;
  /** The lookup that has not started to fetch. */
  #nextLook: Promise<void> | undefined;
  #failure: unknown;
  #loading: Promise<void> | undefined;

  constructor(
    source: KeySource,
    {
      cooldownMs: cooldown = 30_000,
      now = () => performance.now(),
      wait = (milliseconds) => delay(milliseconds, undefined, { ref: false }),
    }: CachedKeySetOptions = {},
  ) {
    this.#source = source;
    this.#cooldown = cooldown;
    this.#now = now;
    this.#wait = wait;
    source.onChange(() => void this.#fetchAnew());
  }

  async candidates(hint: KeyHint): Promise<readonly VerificationKey[]> {
    await this.assertUsable();
    let found = this.#find(hint);
    if (found.length > 0) return found;
    // A fetch in progress may return the key; then no other is needed.
    await this.#loading;
    found = this.#find(hint);
    if (found.length > 0) return found;
    await this.#lookFor();
    found = this.#find(hint);
    if (found.length === 0 && this.#failure !== undefined) throw this.#unavailable();
    return found;
  }

  /** Returns false once the issuer has withdrawn the key, or reused its id. */
  isCurrent({ id }: VerificationKey): boolean {
    this.#refreshIfOld();
    return this.#keys?.has(id) ?? false;
  }

  async assertUsable(): Promise<void> {
    if (this.#keys === undefined) await this.#loadFirst();
    else this.#refreshIfOld();
    if (this.#keys === undefined) throw this.#unavailable();
  }

  /** A token without a key id must match exactly one key: it is not tried against several. */
  #find({ alg, kid }: KeyHint): VerificationKey[] {
    const found = [...(this.#keys?.values() ?? [])].filter(
      (key) => key.alg === alg && (kid === undefined || key.kid === kid),
    );
    return kid === undefined && found.length > 1 ? [] : found;
  }

  async #loadFirst(): Promise<void> {
    if (this.#loading === undefined && this.#now() - this.#triedAt < FIRST_COOLDOWN_MS) return;
    await this.#fetch();
  }

  #refreshIfOld(): void {
    const maxAgeMs = this.#failure === undefined ? MAX_AGE_MS : this.#cooldown;
    if (this.#now() - this.#triedAt > maxAgeMs) void this.#fetch();
  }

  /**
   * Waits for a lookup that starts after this call, shared with all that wait for it.
   *
   * @throws Problem `key_set_unavailable` when the next lookup is too far away.
   */
  async #lookFor(): Promise<void> {
    if (this.#nextLook === undefined) {
      const waitMs = this.#timeToNextLook();
      if (waitMs > MAX_WAIT_MS) throw this.#unavailable(waitMs);
      this.#nextLook = this.#look(waitMs);
    }
    await this.#nextLook;
  }

  #timeToNextLook(): number {
    const sinceLast = this.#now() - this.#lookedAt;
    if (sinceLast > this.#cooldown) this.#spacing = FIRST_SPACING_MS;
    return Math.min(this.#spacing, this.#cooldown) - sinceLast;
  }

  async #look(waitMs: number): Promise<void> {
    if (waitMs > 0) await this.#wait(waitMs);
    // A fetch in progress may predate the key.
    await this.#loading;
    this.#nextLook = undefined;
    this.#lookedAt = this.#now();
    const before = this.#keys;
    await this.#fetch();
    const isFruitless = before !== undefined && hasSameKeys(before, this.#keys);
    this.#spacing = isFruitless ? Math.min(2 * this.#spacing, this.#cooldown) : FIRST_SPACING_MS;
  }

  /** Starts a fetch after this call: one in progress may predate the key. */
  async #fetchAnew(): Promise<void> {
    await this.#loading;
    await this.#fetch();
  }

  /** Shares one fetch among concurrent calls. */
  #fetch(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #load(): Promise<void> {
    this.#triedAt = this.#now();
    try {
      this.#keys = await usableKeys(await this.#source.load());
      this.#failure = undefined;
      countKeySetFetch('success');
    } catch (error) {
      this.#failure = error;
      countKeySetFetch('failure');
    }
  }

  #unavailable(retryAfterMs?: number): Problem {
    const seconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
    return new Problem(
      'key_set_unavailable',
      'The keys that verify tokens cannot be fetched at the moment.',
      {
        cause: this.#failure,
        ...(seconds !== undefined && { headers: { 'retry-after': String(seconds) } }),
      },
    );
  }
}

type Keys = ReadonlyMap<string, VerificationKey>;

const hasSameKeys = (before: Keys, after: Keys | undefined): boolean =>
  before.size === after?.size && [...before.keys()].every((id) => after.has(id));
