import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../config/index.js';
import { DatabaseClock } from '../database/index.js';
import { FunctionPurge, PurgeRepository } from '../resource/index.js';

/** Deletes entries of the change log that are older than `HISTORY_RETENTION_DAYS`. */
@Injectable()
export class ChangesPurge extends FunctionPurge {
  constructor(
    purges: PurgeRepository,
    @Inject(ENV) { HISTORY_RETENTION_DAYS: days }: Env,
    clock: DatabaseClock,
  ) {
    super('entries_of_change_logs', { name: 'purge_changes', parameters: [days] }, purges, clock);
  }
}
