import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../config/index.js';
import { DatabaseClock } from '../database/index.js';
import { FunctionPurge, PurgeRepository } from '../resource/index.js';

/** Permanently deletes tasks and lists that have been in the trash for `TRASH_RETENTION_DAYS`. */
@Injectable()
export class TrashPurge extends FunctionPurge {
  constructor(
    purges: PurgeRepository,
    @Inject(ENV) { TRASH_RETENTION_DAYS: days }: Env,
    clock: DatabaseClock,
  ) {
    super('deleted_tasks_and_lists', { name: 'purge_trash', parameters: [days] }, purges, clock);
  }
}
