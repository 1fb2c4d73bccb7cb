import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { errorSummary } from '../problems/index.js';

/** A limit: `max` events in a window of seconds, which starts with the first event. */
interface Rule {
  readonly max: number;
  readonly window: number;
}

interface Verdict {
  readonly allowed: boolean;
  /** Seconds until the window ends; null when allowed. */
  readonly retryAfter: number | null;
}

/**
 * Operations of the library's limiters; `consume` rejects with a result when the limit is exceeded.
 */
type Limiter = Pick<RateLimiterMemory, 'consume' | 'penalty' | 'reward' | 'delete'>;

interface Count {
  /** Events in this window, including this one. */
  readonly count: number;
  /** Seconds until the window ends. */
  readonly retryAfter: number;
}

const secondsOf = ({ msBeforeNext }: RateLimiterRes) => Math.max(1, Math.ceil(msBeforeNext / 1000));

/**
 * Counts events by key: in Redis, shared by several instances, or in memory. During an outage of
 * Redis each instance counts by itself: requests neither fail nor become unlimited.
 */
@Injectable()
export class RateLimits implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('RateLimit');
  readonly #limiters = new Map<string, Limiter>();
  #degraded = false;

  constructor(private readonly redis?: Redis) {
    redis?.on('error', (error) => {
      this.#warnOnce(error);
    });
    redis?.on('ready', () => {
      if (this.#degraded) this.#logger.warn('Redis is back: the instances count together again.');
      this.#degraded = false;
    });
  }

  /**
   * Counts one event, or `points` of them. The signature is that of Better Auth's storage for its
   * own limits.
   *
   * @example await limits.consume('user:ada', { max: 600, window: 60 })
   */
  async consume(key: string, rule: Rule, points = 1): Promise<Verdict> {
    try {
      await this.#limiterOf(rule).consume(key, points);
      return { allowed: true, retryAfter: null };
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      return { allowed: false, retryAfter: secondsOf(error) };
    }
  }

  /** Counts one event, whether or not it is allowed; returns the total. */
  async count(key: string, rule: Rule): Promise<Count> {
    // `consume` returns the total only below the limit.
    const result = await this.#limiterOf(rule).penalty(key);
    return { count: result.consumedPoints, retryAfter: secondsOf(result) };
  }

  /** Takes one event back, unless its window has ended. */
  async refund(key: string, rule: Rule): Promise<void> {
    const { consumedPoints } = await this.#limiterOf(rule).reward(key);
    if (consumedPoints <= 0) await this.clear(key, rule);
  }

  /** Resets the count of a key. */
  async clear(key: string, rule: Rule): Promise<void> {
    await this.#limiterOf(rule).delete(key);
  }

  /** Waits for a Redis that is up; retries in the background if it is not. */
  async onModuleInit(): Promise<void> {
    await this.redis?.connect().catch(this.#warnOnce.bind(this));
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  /** There are few rules: two of ours, and those of Better Auth's paths. */
  #limiterOf(rule: Rule): Limiter {
    const name = `${rule.max}/${rule.window}`;
    const limiter = this.#limiters.get(name) ?? this.#createLimiter(rule);
    this.#limiters.set(name, limiter);
    return limiter;
  }

  #createLimiter({ max, window }: Rule): Limiter {
    const options = { points: max, duration: window, keyPrefix: 'taskward' };
    const memory = new RateLimiterMemory(options);
    if (this.redis === undefined) return memory;
    const shared = new RateLimiterRedis({
      ...options,
      storeClient: this.redis,
      // A flood of refused requests does not reach Redis.
      inMemoryBlockOnConsumed: max,
    });
    return {
      consume: (key, points) =>
        this.#withFallback(shared, memory, (one) => one.consume(key, points)),
      penalty: (key, points) =>
        this.#withFallback(shared, memory, (one) => one.penalty(key, points)),
      reward: (key, points) => this.#withFallback(shared, memory, (one) => one.reward(key, points)),
      delete: (key) => this.#withFallback(shared, memory, (one) => one.delete(key)),
    };
  }

  /** The library's own `insuranceLimiter` does the same without reporting it. */
  async #withFallback<T>(
    shared: Limiter,
    memory: Limiter,
    work: (limiter: Limiter) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(shared);
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      this.#warnOnce(error);
      return work(memory);
    }
  }

  #warnOnce(cause: unknown): void {
    if (this.#degraded) return;
    this.#degraded = true;
    this.#logger.warn(`Redis fails, so each instance counts by itself: ${errorSummary(cause)}`);
  }
}
