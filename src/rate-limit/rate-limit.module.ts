import { type DynamicModule, Module } from '@nestjs/common';
import type { Env } from '../config/index.js';
import { RateLimits } from './rate-limits.js';

/** How many requests a user, or an address, may send. */
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
            // Loaded only where there is a Redis.
            const { createRedis } = await import('./redis.js');
            return new RateLimits(createRedis(url));
          },
        },
      ],
      exports: [RateLimits],
    };
  }
}
