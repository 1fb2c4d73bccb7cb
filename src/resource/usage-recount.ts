import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HourlyWork } from '../common/index.js';
import { UsageRecountRepository } from './usage-recount.repository.js';

const MAX_OWNERS = 1_000;

/**
 * Corrects counts that are wrong: a previous version that served during the upgrade did not count.
 * Each run goes on with the users after those of the previous one.
 */
@Injectable()
export class UsageRecount extends HourlyWork {
  /** Begins anywhere, so that frequent restarts do not leave anybody out. */
  #previous = randomBytes(1).toString('base64url');

  constructor(private readonly usage: UsageRecountRepository) {
    super('UsageRecount', 'A recount of usage');
  }

  protected override async work(): Promise<void> {
    let [corrected, wraps] = [0, 0];
    try {
      for (let left = MAX_OWNERS; left > 0 && wraps < 2 && !this.isClosing; left -= 1) {
        const owner = await this.usage.nextOwner(this.#previous);
        this.#previous = owner ?? '';
        if (owner === null) wraps += 1;
        else if (await this.usage.recount(owner)) corrected += 1;
      }
    } finally {
      if (corrected > 0) this.logger.warn(`Corrected the usage of ${String(corrected)} users.`);
    }
  }
}
