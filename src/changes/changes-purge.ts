import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../config/index.js';
import { DatabaseClock } from '../database/index.js';
import { ExpiryPurge } from '../resource/index.js';
import { ChangesPurgeRepository } from './changes-purge.repository.js';

/** Deletes entries of the change log that are older than `HISTORY_RETENTION_DAYS`. */
@Injectable()
export class ChangesPurge extends ExpiryPurge {
  constructor(
    private readonly changes: ChangesPurgeRepository,
    @Inject(ENV) private readonly env: Env,
    clock: DatabaseClock,
  ) {
    super('entries_of_change_logs', clock);
  }

  protected override removeSome(limit: number, now: Date): Promise<number> {
    return this.changes.purge(this.env.HISTORY_RETENTION_DAYS, limit, now);
  }
}
