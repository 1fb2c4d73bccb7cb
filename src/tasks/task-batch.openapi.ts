import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../problems/index.js';
import { REPLAYED } from '../idempotency/index.js';
import { BatchResultsDto } from './task-batch.dto.js';

export const ApiBatch = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'batchTasks',
      summary: 'Create, update and delete several tasks at once',
      description:
        'Either all operations succeed, or nothing is changed. If any fail, the problem has the code of the first failure, and `errors` points at each one, such as `/operations/3`. With `dryRun` the response is the same, but nothing is written.',
    }),
    ApiOkResponse({
      type: BatchResultsDto,
      description: 'The results of the operations, in order.',
      headers: REPLAYED,
    }),
    ApiProblems('invalid_json', 'invalid_parameter', 'invalid_header'),
    ApiProblems('task_not_found', 'precondition_failed', 'precondition_required'),
    ApiProblems('payload_too_large', 'unsupported_media_type'),
    ApiProblems('validation_failed', 'idempotency_key_reused', 'quota_exceeded'),
  );
