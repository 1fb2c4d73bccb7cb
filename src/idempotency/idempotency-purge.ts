import { Injectable } from '@nestjs/common';
import { ExpiryPurge } from '../resource/index.js';
import { DatabaseClock } from '../database/index.js';
import { IdempotencyPurgeRepository } from './idempotency-purge.repository.js';

/** Deletes the responses that are no longer replayed. */
@Injectable()
export class IdempotencyPurge extends ExpiryPurge {
  constructor(
    private readonly keys: IdempotencyPurgeRepository,
    clock: DatabaseClock,
  ) {
    super('idempotency_keys', clock);
  }

  protected override removeSome(limit: number, now: Date): Promise<number> {
    return this.keys.purge(limit, now);
  }
}
