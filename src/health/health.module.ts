import { type DynamicModule, Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';

/** Endpoints for load balancers. */
@Module({})
export class HealthModule {
  /** @param auth the module that exports the token verifier. */
  static register(auth: DynamicModule): DynamicModule {
    return {
      module: HealthModule,
      imports: [auth],
      controllers: [HealthController],
      providers: [HealthService],
    };
  }
}
