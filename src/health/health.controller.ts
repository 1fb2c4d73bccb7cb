import { Controller, Get } from '@nestjs/common';
import { Public } from '../auth/index.js';
import { ApiLive, ApiReady, HealthDto } from './health.openapi.js';
import { HealthService } from './health.service.js';

@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly service: HealthService) {}

  @ApiLive()
  @Get('live')
  live(): HealthDto {
    return this.service.live();
  }

  @ApiReady()
  @Get('ready')
  ready(): Promise<HealthDto> {
    return this.service.ready();
  }
}
