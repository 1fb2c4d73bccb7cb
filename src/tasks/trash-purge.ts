import { Inject, Injectable } from '@nestjs/common';
import { ExpiryPurge } from '../resource/index.js';
import { ENV, type Env } from '../config/index.js';
import { DatabaseClock } from '../database/index.js';
import { TrashRepository } from './trash.repository.js';

/** Permanently deletes tasks and lists that have been in the trash for `TRASH_RETENTION_DAYS`. */
@Injectable()
export class TrashPurge extends ExpiryPurge {
  constructor(
    private readonly trash: TrashRepository,
    @Inject(ENV) private readonly env: Env,
    clock: DatabaseClock,
  ) {
    super('deleted_tasks_and_lists', clock);
  }

  protected override removeSome(limit: number, now: Date): Promise<number> {
    return this.trash.purge(this.env.TRASH_RETENTION_DAYS, limit, now);
  }
}
