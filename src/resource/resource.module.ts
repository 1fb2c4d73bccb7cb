import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Inject, Module } from '@nestjs/common';
import { ENV, type Env } from '../config/index.js';
import { Cursors } from './cursors.js';
import { PurgeRepository } from './purge.repository.js';
import { Usage } from './usage.entity.js';
import { UsageRecount } from './usage-recount.js';
import { UsageRecountRepository } from './usage-recount.repository.js';
import { UsageRepository } from './usage.repository.js';

const MEGABYTE = 1_000_000;

/** Imported by the module of each resource: what its users keep is counted as it is written. */
@Module({
  imports: [MikroOrmModule.forFeature([Usage])],
  providers: [Cursors, PurgeRepository, UsageRecount, UsageRecountRepository],
  exports: [Cursors, PurgeRepository],
})
export class ResourceModule {
  constructor(usage: UsageRepository, @Inject(ENV) { QUOTA_TASKS, QUOTA_MEGABYTES }: Env) {
    usage.limit({ tasks: QUOTA_TASKS, bytes: QUOTA_MEGABYTES * MEGABYTE });
  }
}
