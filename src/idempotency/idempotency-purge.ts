import { Injectable } from '@nestjs/common';
import { ExpiryPurge } from '../resource/index.js';
import { DatabaseClock } from '../database/index.js';
import { IdempotencyRepository } from './idempotency.repository.js';

/** Removes the answers that are no longer given again. */
@Injectable()
export class IdempotencyPurge extends ExpiryPurge {
  constructor(
    private readonly keys: IdempotencyRepository,
    clock: DatabaseClock,
  ) {
    super('idempotency keys', clock);
  }

  protected override removeSome(limit: number, now: Date): Promise<number> {
    return this.keys.purge(limit, now);
  }
}
