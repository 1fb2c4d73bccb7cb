import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { type AuthenticatedUser, CurrentUser } from '../auth/index.js';
import { LargerBodies } from '../http/index.js';
import { Idempotent } from '../idempotency/index.js';
import { Charge } from '../rate-limit/index.js';
import { BatchResultsDto, numberOfOperations, TaskBatchDto } from './task-batch.dto.js';
import { ApiBatch } from './task-batch.openapi.js';
import { TaskBatchService } from './task-batch.service.js';
import { TasksApi } from './tasks.openapi.js';

/** Enough for a hundred tasks of ordinary length, not for a hundred of the largest. */
const TIMES_BODY_LIMIT = 4;

@TasksApi.controller()
@Controller('api/v1/tasks')
export class TaskBatchController {
  constructor(private readonly service: TaskBatchService) {}

  @ApiBatch()
  @Idempotent()
  @Post('batch')
  @HttpCode(200)
  @LargerBodies(TIMES_BODY_LIMIT)
  @Charge(numberOfOperations)
  run(@CurrentUser() user: AuthenticatedUser, @Body() dto: TaskBatchDto): Promise<BatchResultsDto> {
    return this.service.run(user, dto);
  }
}
