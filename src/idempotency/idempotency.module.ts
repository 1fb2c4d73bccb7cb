import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { ResourceModule } from '../resource/index.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { IdempotencyPurge } from './idempotency-purge.js';

const keys = MikroOrmModule.forFeature([IdempotencyKey]);

/** `Idempotency-Key`: a request that is sent twice is done once. Imported where handlers are `@Idempotent()`. */
@Module({
  imports: [keys, ResourceModule],
  providers: [IdempotencyPurge],
  exports: [keys],
})
export class IdempotencyModule {}
