import { Module } from '@nestjs/common';
import { UsageRecount } from './usage-recount.js';
import { UsageRepository } from './usage.repository.js';

/** Quotas: what each user keeps is counted as it is written. */
@Module({ providers: [UsageRepository, UsageRecount], exports: [UsageRepository] })
export class UsageModule {}
