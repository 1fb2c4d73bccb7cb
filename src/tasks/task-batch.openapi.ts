import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../problems/index.js';
import { REPLAYED } from '../idempotency/index.js';
import { BatchResultsDto } from './task-batch.dto.js';

export const ApiBatch = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'batchTasks',
      summary: 'Create, change and delete many tasks at once',
      description:
        'All operations are done, or none is. If any fails, the problem is that of the first to fail, and `errors` points at each, as `/operations/3`. With `dryRun` the answer is the same, and nothing is written.',
    }),
    ApiOkResponse({
      type: BatchResultsDto,
      description: 'What came of each operation, in their order.',
      headers: REPLAYED,
    }),
    ApiProblems('invalid_json', 'invalid_parameter', 'invalid_header'),
    ApiProblems('task_not_found', 'precondition_failed', 'precondition_required'),
    ApiProblems('payload_too_large', 'unsupported_media_type'),
    ApiProblems('validation_failed', 'idempotency_key_reused', 'quota_exceeded'),
  );
