import { Injectable } from '@nestjs/common';
import { Purge } from '../common/purge.js';
import { IdempotencyRepository } from './idempotency.repository.js';

/** Removes the answers that are no longer given again. */
@Injectable()
export class IdempotencyPurge extends Purge {
  constructor(private readonly keys: IdempotencyRepository) {
    super('idempotency keys');
  }

  protected override removeSome(most: number): Promise<number> {
    return this.keys.purge(most);
  }
}
