import { type DynamicModule, Module } from '@nestjs/common';
import type { Env } from '../config/index.js';
import { RateLimits } from './rate-limits.js';

/** Rate limits per user and per address. */
@Module({})
export class RateLimitModule {
  static register({ REDIS_URL: url }: Env): DynamicModule {
    return {
      module: RateLimitModule,
      providers: [
        {
          provide: RateLimits,
          useFactory: async () => {
            if (url === undefined) return new RateLimits();
            // Loaded on demand.
            const { createRedis } = await import('./redis.js');
            return new RateLimits(createRedis(url));
          },
        },
      ],
      exports: [RateLimits],
    };
  }
}
