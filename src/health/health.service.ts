import { Injectable, type OnModuleDestroy, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  type HealthCheckResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { TokenVerifier } from '../auth/index.js';
import { Problem } from '../common/problem.js';
import { DatabaseProbe } from '../database/index.js';
import type { HealthDto } from './health.openapi.js';

/** Milliseconds a part has to answer in. */
const TIMEOUT = 2_000;

/** Named instead of a part while the program ends. */
const STOPPING = { code: 'shutdown', detail: 'is stopping' };

/** The parts that are down, by name, in the words of what is wrong with each. */
function failuresOf(error: ServiceUnavailableException) {
  const { error: parts = {} } = error.getResponse() as HealthCheckResult;
  return Object.entries(parts).map(([part, state]) => ({
    code: part,
    detail: typeof state?.['message'] === 'string' ? state['message'] : 'is not usable',
  }));
}

@Injectable()
export class HealthService implements OnModuleDestroy {
  #isStopping = false;

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
    if (this.#isStopping) throw new Problem('not_ready', 'It is stopping.', { errors: [STOPPING] });
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
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      const errors = failuresOf(error);
      const parts = errors.map(({ code }) => code).join(' and ');
      throw new Problem('not_ready', `Not usable: ${parts}.`, { errors, cause: error });
    }
    return this.live();
  }
}
