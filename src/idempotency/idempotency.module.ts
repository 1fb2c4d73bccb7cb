import { Module } from '@nestjs/common';
import { IdempotencyPurge } from './idempotency-purge.js';
import { IdempotencyRepository } from './idempotency.repository.js';

/** `Idempotency-Key`: what was asked for twice is done once. Imported where handlers are `@Idempotent()`. */
@Module({
  providers: [IdempotencyRepository, IdempotencyPurge],
  exports: [IdempotencyRepository],
})
export class IdempotencyModule {}
