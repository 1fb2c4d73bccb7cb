import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiProblems } from '../problems/index.js';

/** The service is well. */
@ApiSchema({ name: 'Health', description: 'The service is healthy.' })
export class HealthDto {
  @ApiProperty({ enum: ['ok'], example: 'ok' })
  status!: 'ok';
}

export const ApiLive = () =>
  applyDecorators(
    ApiOperation({ operationId: 'live', summary: 'Check that the process is running' }),
    ApiOkResponse({ type: HealthDto, description: 'The process is running.' }),
  );

export const ApiReady = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'ready',
      summary: 'Check that the service is ready',
      description:
        'Checks that the database responds and that there are keys to verify tokens with.',
    }),
    ApiOkResponse({ type: HealthDto, description: 'The service is ready.' }),
    ApiProblems('not_ready'),
  );
