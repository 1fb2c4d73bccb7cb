import { type DynamicModule, Module } from '@nestjs/common';
import type { Env } from '../config/env.js';
import { RateLimits } from './rate-limits.js';
import { createRedis } from './redis.js';

/** How many requests a user, or an address, may send. */
@Module({})
export class RateLimitModule {
  static register({ REDIS_URL: url }: Env): DynamicModule {
    return {
      module: RateLimitModule,
      providers: [
        {
          provide: RateLimits,
          useFactory: () => new RateLimits(url === undefined ? url : createRedis(url)),
        },
      ],
      exports: [RateLimits],
    };
  }
}
