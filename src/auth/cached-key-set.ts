import { setTimeout as delay } from 'node:timers/promises';
import type { KeySource } from '../issuer/index.js';
import { Problem } from '../problems/index.js';
import {
  ASYMMETRIC_ALGORITHMS,
  type KeyHint,
  usableKeys,
  type VerificationKey,
  type VerificationKeys,
} from './verification-key.js';

/** Milliseconds after which keys are fetched again, in the background, while the old ones serve. */
const MAX_AGE = 10 * 60_000;
/** Milliseconds between two attempts while no key is known at all. */
const FIRST_COOLDOWN = 1_000;

/**
 * Milliseconds between the first two looks for unknown key ids. The time doubles with each look that
 * finds no other keys than before, up to the cooldown.
 */
const FIRST_SPACING_MS = 1_000;
/** Longest time that a request waits for the next look. */
const MAX_WAIT_MS = 2_000;

interface CachedKeySetOptions {
  /** Milliseconds between two fetches for unknown key ids, however many arrive. */
  readonly cooldown?: number;
  /** Monotonic milliseconds: a clock that is set back must not stop the fetches. */
  readonly now?: () => number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/**
 * The issuer's keys, kept. A key id that is not known yet is looked for in a fetch that begins after
 * it came, so that no invented key id hides a new key. Such fetches become rare when they find
 * nothing, and a key id that comes far ahead of the next one is undecided. Keys that cannot be
 * refreshed go on serving, so that an issuer that is down locks nobody out.
 */
export class CachedKeySet implements VerificationKeys {
  readonly algorithms = ASYMMETRIC_ALGORITHMS;
  readonly #source: KeySource;
  readonly #cooldown: number;
  readonly #now: () => number;
  #keys: ReadonlyMap<string, VerificationKey> | undefined;
  #triedAt = -Infinity;
  readonly #wait: (milliseconds: number) => Promise<unknown>;
  /** When a fetch was last made for the sake of an unknown key id. */
  #lookedAt = -Infinity;
  #spacing = FIRST_SPACING_MS;
  /** The look that has not begun to fetch. */
  #nextLook: Promise<void> | undefined;
  #failure: unknown;
  #loading: Promise<void> | undefined;

  constructor(
    source: KeySource,
    {
      cooldown = 30_000,
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
    // A fetch that is under way may bring the key, and then it needs none of its own.
    await this.#loading;
    found = this.#find(hint);
    if (found.length > 0) return found;
    await this.#lookFor();
    found = this.#find(hint);
    if (found.length === 0 && this.#failure !== undefined) throw this.#unavailable();
    return found;
  }

  /** False once the issuer has withdrawn the key, or uses its name for another. */
  isCurrent({ id }: VerificationKey): boolean {
    this.#refreshIfOld();
    return this.#keys?.has(id) ?? false;
  }

  async assertUsable(): Promise<void> {
    if (this.#keys === undefined) await this.#loadFirst();
    else this.#refreshIfOld();
    if (this.#keys === undefined) throw this.#unavailable();
  }

  /** Without a key id there must be no choice: a token is not tried with one key after another. */
  #find({ alg, kid }: KeyHint): VerificationKey[] {
    const found = [...(this.#keys?.values() ?? [])].filter(
      (key) => key.alg === alg && (kid === undefined || key.kid === kid),
    );
    return kid === undefined && found.length > 1 ? [] : found;
  }

  async #loadFirst(): Promise<void> {
    if (this.#loading === undefined && this.#now() - this.#triedAt < FIRST_COOLDOWN) return;
    await this.#fetch();
  }

  #refreshIfOld(): void {
    const patience = this.#failure === undefined ? MAX_AGE : this.#cooldown;
    if (this.#now() - this.#triedAt > patience) void this.#fetch();
  }

  /**
   * Waits for a look that begins after the call, with all that wait for it.
   *
   * @throws Problem `key_set_unavailable` when the next look is far.
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
    // A fetch that is under way may be older than what is looked for.
    await this.#loading;
    this.#nextLook = undefined;
    this.#lookedAt = this.#now();
    const before = this.#keys;
    await this.#fetch();
    const isFruitless = before !== undefined && hasSameKeys(before, this.#keys);
    this.#spacing = isFruitless ? Math.min(2 * this.#spacing, this.#cooldown) : FIRST_SPACING_MS;
  }

  /** A fetch that begins after the call: the one under way may be older than what is looked for. */
  async #fetchAnew(): Promise<void> {
    await this.#loading;
    await this.#fetch();
  }

  /** One flight at a time. */
  #fetch(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #load(): Promise<void> {
    this.#triedAt = this.#now();
    try {
      this.#keys = await usableKeys(await this.#source.load());
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error;
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
