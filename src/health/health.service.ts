import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { TokenVerifier } from '../auth/index.js';
import { withTimeout } from '../common/index.js';
import { Problem, type ProblemError } from '../problems/index.js';
import { DatabaseProbe } from '../database/index.js';
import type { HealthDto } from './health.openapi.js';
import { SharedProbe } from './shared-probe.js';

/** Longest time to wait for a part. */
const TIMEOUT_MS = 2_000;

/** Named instead of a part while the program ends. */
const STOPPING = { code: 'shutdown', detail: 'is shutting down' };

/** Returns whether a check passes in time. */
async function passes(check: () => Promise<void>): Promise<boolean> {
  const timeout = Promise.withResolvers<never>();
  try {
    await withTimeout(Promise.race([check(), timeout.promise]), TIMEOUT_MS, timeout.reject);
    return true;
  } catch {
    return false;
  }
}

@Injectable()
export class HealthService implements OnModuleDestroy {
  #isStopping = false;
  readonly #failures = new SharedProbe(() => this.#probe());

  constructor(
    private readonly database: DatabaseProbe,
    private readonly verifier: TokenVerifier,
  ) {}

  /** The first that happens at a stop: nothing has been closed yet. */
  onModuleDestroy(): void {
    this.#isStopping = true;
  }

  live(): HealthDto {
    return { status: 'ok' };
  }

  /** @throws Problem `not_ready`, whose errors name the failing parts. */
  async ready(): Promise<HealthDto> {
    this.#assertRunning();
    const errors = await this.#failures.result();
    this.#assertRunning();
    if (errors.length === 0) return this.live();
    const parts = errors.map(({ code }) => code).join(' and ');
    throw new Problem('not_ready', `Unavailable: ${parts}.`, { errors });
  }

  #assertRunning(): void {
    if (this.#isStopping)
      throw new Problem('not_ready', 'The service is shutting down.', { errors: [STOPPING] });
  }

  /** Returns the parts that are down, by name alone: messages of drivers hold addresses. */
  async #probe(): Promise<ProblemError[]> {
    const checks = {
      database: async () => {
        await this.database.ping();
        this.verifier.assertSessionsKnown();
      },
      keys: () => this.verifier.assertReady(),
    };
    const errors = Object.entries(checks).map(async ([code, check]) =>
      (await passes(check)) ? [] : [{ code, detail: 'is unavailable' }],
    );
    return (await Promise.all(errors)).flat();
  }
}
