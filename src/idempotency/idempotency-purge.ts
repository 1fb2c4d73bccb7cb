import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../database/index.js';
import { FunctionPurge, PurgeRepository } from '../resource/index.js';

/** Deletes the responses that are no longer replayed. */
@Injectable()
export class IdempotencyPurge extends FunctionPurge {
  constructor(purges: PurgeRepository, clock: DatabaseClock) {
    super('idempotency_keys', { name: 'purge_idempotency_keys', parameters: [] }, purges, clock);
  }
}
