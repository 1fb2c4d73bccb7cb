import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiProblems } from '../problems/index.js';

/** The service is well. */
@ApiSchema({ name: 'Health', description: 'All is well.' })
export class HealthDto {
  @ApiProperty({ enum: ['ok'], example: 'ok' })
  status!: 'ok';
}

export const ApiLive = () =>
  applyDecorators(
    ApiOperation({ operationId: 'live', summary: 'Is the process up?' }),
    ApiOkResponse({ type: HealthDto, description: 'It is.' }),
  );

export const ApiReady = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'ready',
      summary: 'Can it serve?',
      description: 'The database answers and there are keys to verify tokens with.',
    }),
    ApiOkResponse({ type: HealthDto, description: 'It can.' }),
    ApiProblems('not_ready'),
  );
