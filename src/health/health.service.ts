import { Injectable, type OnModuleDestroy, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  type HealthCheckResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { TokenVerifier } from '../auth/index.js';
import { Problem, type ProblemError } from '../problems/index.js';
import { DatabaseProbe } from '../database/index.js';
import type { HealthDto } from './health.openapi.js';
import { SharedProbe } from './shared-probe.js';

/** Milliseconds a part has to answer in. */
const TIMEOUT = 2_000;

/** Named instead of a part while the program ends. */
const STOPPING = { code: 'shutdown', detail: 'is stopping' };

/** The parts that are down, by name alone: messages of drivers hold addresses. */
function failuresOf(error: ServiceUnavailableException): ProblemError[] {
  const { error: parts = {} } = error.getResponse() as HealthCheckResult;
  return Object.keys(parts).map((part) => ({ code: part, detail: 'is not usable' }));
}

@Injectable()
export class HealthService implements OnModuleDestroy {
  #isStopping = false;
  readonly #failures = new SharedProbe(() => this.#probe());

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
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
    throw new Problem('not_ready', `Not usable: ${parts}.`, { errors });
  }

  #assertRunning(): void {
    if (this.#isStopping) throw new Problem('not_ready', 'It is stopping.', { errors: [STOPPING] });
  }

  async #probe(): Promise<ProblemError[]> {
    const part = (name: string, probe: () => Promise<void>) => () =>
      this.indicators.check(name).attempt(probe).withTimeout(TIMEOUT);
    try {
      await this.health.check([
        part('database', async () => {
          await this.database.ping();
          this.verifier.assertSessionsKnown();
        }),
        part('keys', () => this.verifier.assertReady()),
      ]);
      return [];
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return failuresOf(error);
    }
  }
}
